/** One learner: what needs attention, how far, what is hard, when, who that is on which platform; and what can be done. */
import { Button, Text } from '@mantine/core';
import { getRouteApi, Navigate } from '@tanstack/react-router';
import { Printer } from 'lucide-react';
import { useFormatter, useTranslations } from 'use-intl';
import { $api } from '../../api/hooks.ts';
import type { Answer } from '../../api/types.ts';
import { Moment } from '../../parts/figures.tsx';
import { Page } from '../../parts/page.tsx';
import { Shown } from '../../parts/states.tsx';
import { useFilters, viewerTimeZone } from '../../shell/filters.ts';
import { useLearnerName, usePresenter } from '../../shell/presenter.tsx';
import { useMe } from '../../shell/session.ts';
import { PassedOn } from '../endpoints/passed-on.tsx';
import { ExportMenu } from './export-menu.tsx';
import { LearnerActions } from './learner-actions.tsx';
import { LearnerAttention } from './learner-attention.tsx';
import { LearnerIdentities } from './learner-identities.tsx';
import { LearnerProgress } from './learner-progress.tsx';
import classes from './print.module.css';

type Learner = Answer<'/api/v1/learners/{id}'>;

const route = getRouteApi('/signed-in/learners/$id');

export function LearnerPage() {
  const { id } = route.useParams();
  const query = $api.useQuery('get', '/api/v1/learners/{id}', { params: { path: { id } } });
  return (
    <Shown query={query} lines={8}>
      {(learner) =>
        // The address of somebody who was merged leads to who was kept.
        learner.id === id ? (
          <OneLearner learner={learner} />
        ) : (
          <Navigate to="/learners/$id" params={{ id: learner.id }} replace />
        )
      }
    </Shown>
  );
}

function OneLearner({ learner }: { learner: Learner }) {
  const t = useTranslations('learners.one');
  const rangeName = useTranslations('common.range');
  const format = useFormatter();
  const nameOf = useLearnerName();
  const { on: presenting } = usePresenter();
  const { role } = useMe();
  const { range } = useFilters();
  return (
    <Page
      title={nameOf(learner)}
      state={
        <>
          {!presenting && learner.email !== null && `${learner.email} · `}
          {learner.excluded ? t('excludedState') : <LastActive learner={learner.id} />}
        </>
      }
      actions={
        <>
          <Button variant="default" leftSection={<Printer size={16} aria-hidden />} onClick={() => window.print()}>
            {t('print')}
          </Button>
          <ExportMenu query={{ learner: learner.id }} />
          {role === 'admin' && <LearnerActions learner={learner} />}
        </>
      }
    >
      <Text size="sm" className={classes.printed}>
        {t('printed', {
          time: format.dateTime(new Date(), { dateStyle: 'medium', timeStyle: 'short' }),
          range: rangeName(range),
          zone: viewerTimeZone,
        })}
      </Text>
      <LearnerAttention learner={learner.id} />
      <LearnerProgress learner={learner.id} />
      <LearnerIdentities learner={learner} />
      <PassedOn of={{ learner: learner.id }} />
    </Page>
  );
}

/** When the person was last seen, whatever the range. */
function LastActive(props: { learner: string }) {
  const t = useTranslations('learners.one');
  const { data } = $api.useQuery('get', '/api/v1/learners', { params: { query: { search: props.learner, limit: 1 } } });
  const listed = data?.data[0];
  if (listed === undefined) return null;
  return listed.started
    ? t.rich('lastActive', { time: () => <Moment at={listed.lastActivityAt} relative /> })
    : t('neverStarted');
}
