/** One activity, in parts: figures, questions, learners × questions, challenges, attempts, settings. */
import { Tabs } from '@mantine/core';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useRef } from 'react';
import { useTranslations } from 'use-intl';
import { $api } from '../../api/hooks.ts';
import type { Activity } from '../../api/types.ts';
import { useActivityName } from '../../parts/activity-name.ts';
import { Moment, Percent } from '../../parts/figures.tsx';
import { Page } from '../../parts/page.tsx';
import { Shown } from '../../parts/states.tsx';
import { useCurrentInView } from '../../parts/use-current-in-view.ts';
import { useMe } from '../../shell/session.ts';
import { type ActivityTab, TABS } from './activity-search.ts';
import { AttemptsTab } from './attempts-tab.tsx';
import { FunnelTab } from './funnel-tab.tsx';
import { GridTab } from './grid-tab.tsx';
import { OverviewTab } from './overview-tab.tsx';
import { QuestionsTab } from './questions-tab.tsx';
import { SettingsTab } from './settings-tab.tsx';
import { useNarrowed } from './use-narrowed.ts';

const route = getRouteApi('/signed-in/activities/$id');

export function ActivityPage() {
  const t = useTranslations('activities');
  const activityName = useActivityName();
  const { id } = route.useParams();
  const { figure } = useNarrowed();
  const query = $api.useQuery('get', '/api/v1/activities/{id}', { params: { path: { id }, query: figure } });
  const { data } = query;
  return (
    <Page
      title={data === undefined ? t('title') : activityName(data)}
      state={data === undefined ? undefined : <State activity={data} />}
    >
      <Shown query={query} lines={10}>
        {(activity) => <Parts activity={activity} />}
      </Shown>
    </Page>
  );
}

function State({ activity }: { activity: Activity }) {
  const t = useTranslations('activities.one');
  const kind = useTranslations('common.activityKind');
  const provider = useTranslations('common.provider');
  return (
    <>
      <Link to="/activities">{t('back')}</Link>
      {' · '}
      {t('state', { kind: kind(activity.kind), platform: provider(activity.provider) })}
      {activity.passPercentage !== null && (
        <>
          {' · '}
          {t.rich('pass', { mark: () => <Percent value={activity.passPercentage} /> })}
        </>
      )}
      {activity.dueAt !== null && (
        <>
          {' · '}
          {t.rich('due', { time: () => <Moment at={activity.dueAt} /> })}
        </>
      )}
    </>
  );
}

function Parts({ activity }: { activity: Activity }) {
  const t = useTranslations('activities.one');
  const { role } = useMe();
  const navigate = route.useNavigate();
  const { tab: asked } = route.useSearch();
  const parts = TABS.filter(
    (part) => (part !== 'funnel' || activity.kind === 'track') && (part !== 'settings' || role === 'admin'),
  );
  const tab: ActivityTab = parts.find((part) => part === asked) ?? 'overview';
  const row = useRef<HTMLDivElement>(null);
  useCurrentInView(row, tab);
  return (
    <Tabs
      value={tab}
      keepMounted={false}
      // Arrows move; Enter or Space opens, so that passing by asks nothing of the server.
      activateTabWithKeyboard={false}
      onChange={(value) => {
        const next = parts.find((part) => part === value);
        void navigate({
          search: ({ cohort, range: chosen }) => ({
            cohort,
            range: chosen,
            tab: next === 'overview' ? undefined : next,
          }),
        });
      }}
    >
      <Tabs.List ref={row} aria-label={t('tabs')} mb="lg">
        {parts.map((part) => (
          <Tabs.Tab key={part} value={part}>
            {t(part)}
          </Tabs.Tab>
        ))}
      </Tabs.List>
      <Tabs.Panel value={tab}>
        {tab === 'overview' && <OverviewTab activity={activity} />}
        {tab === 'questions' && <QuestionsTab activity={activity} />}
        {tab === 'grid' && <GridTab activity={activity} />}
        {tab === 'funnel' && <FunnelTab activity={activity} />}
        {tab === 'attempts' && <AttemptsTab activity={activity} />}
        {tab === 'settings' && <SettingsTab activity={activity} />}
      </Tabs.Panel>
    </Tabs>
  );
}
