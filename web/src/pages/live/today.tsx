/** Today's totals, in the viewer's zone. */
import { Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslations } from 'use-intl';
import { $api } from '../../api/hooks.ts';
import { Count, Percent } from '../../parts/figures.tsx';
import { Section } from '../../parts/page.tsx';
import { Shown } from '../../parts/states.tsx';
import { Explainable, type FigureRequest } from '../../shell/explain.tsx';
import { rangeStart, viewerTimeZone } from '../../shell/filters.ts';
import classes from './live.module.css';

export function Today(props: { cohort: string | undefined }) {
  const t = useTranslations('live.today');
  const from = rangeStart('today');
  const narrowed = {
    tz: viewerTimeZone,
    ...(from === undefined ? {} : { from }),
    ...(props.cohort === undefined ? {} : { cohort: props.cohort }),
  };
  const query = $api.useQuery('get', '/api/v1/overview', { params: { query: narrowed } });
  const figure = (name: FigureRequest['figure']): FigureRequest => ({ figure: name, ...narrowed });
  return (
    <Section title={t('title')} note={viewerTimeZone}>
      <Shown query={query} lines={2}>
        {({ totals }) => (
          <dl className={classes.totals}>
            <Total label={t('completed')}>
              <Explainable figure={figure('overview.attemptsCompleted')} name={t('completed')}>
                <Count value={totals.attemptsCompleted} />
              </Explainable>
            </Total>
            <Total label={t('started')}>
              {totals.attemptsStarted === null ? (
                <Text size="sm" c="dimmed">
                  {t('notTold')}
                </Text>
              ) : (
                <Explainable figure={figure('overview.attemptsStarted')} name={t('started')}>
                  <Count value={totals.attemptsStarted} />
                </Explainable>
              )}
            </Total>
            <Total label={t('average')}>
              <Explainable figure={figure('overview.averagePercentage')} name={t('average')}>
                <Percent value={totals.averagePercentage} />
              </Explainable>
            </Total>
            <Total label={t('learners')}>
              <Explainable figure={figure('overview.learners')} name={t('learners')}>
                <Count value={totals.learners} />
              </Explainable>
            </Total>
          </dl>
        )}
      </Shown>
    </Section>
  );
}

function Total(props: { label: string; children: ReactNode }) {
  return (
    <div>
      <dt>{props.label}</dt>
      <dd>{props.children}</dd>
    </div>
  );
}
