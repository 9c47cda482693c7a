/** One endpoint: how it fares, its log, a test, and everything that can be changed. */
import { Tabs } from '@mantine/core';
import { getRouteApi } from '@tanstack/react-router';
import { useRef } from 'react';
import { useTranslations } from 'use-intl';
import { $api } from '../../api/hooks.ts';
import { ButtonLink } from '../../parts/button-link.tsx';
import { Page } from '../../parts/page.tsx';
import { Shown } from '../../parts/states.tsx';
import { useCurrentInView } from '../../parts/use-current-in-view.ts';
import type { Endpoint } from './endpoint-draft.ts';
import { EndpointStanding, useEndpointName } from './endpoint-marks.tsx';
import { TABS } from './endpoint-search.ts';
import { LogTab } from './log-tab.tsx';
import { OverviewTab } from './overview-tab.tsx';
import { SendTest } from './send-test.tsx';
import { SettingsTab } from './settings-tab.tsx';
import { Switched } from './switched.tsx';
import { WorkProgress } from './work-progress.tsx';

const route = getRouteApi('/signed-in/endpoints/$id');
/** Counts and state of what goes out all the time. */
const LOOK_MS = 2_000;

export function EndpointPage() {
  const t = useTranslations('endpoints');
  const { id } = route.useParams();
  const query = $api.useQuery(
    'get',
    '/api/v1/endpoints/{id}',
    { params: { path: { id } } },
    { refetchInterval: LOOK_MS },
  );
  if (query.data === undefined) {
    return (
      <Page title={t('one.title')}>
        <Shown query={query}>{() => null}</Shown>
      </Page>
    );
  }
  return <EndpointView endpoint={query.data} asOf={query.dataUpdatedAt} />;
}

function EndpointView({ endpoint, asOf }: { endpoint: Endpoint; asOf: number }) {
  const t = useTranslations('endpoints');
  const nameOf = useEndpointName();
  const { tab = 'overview' } = route.useSearch();
  const navigate = route.useNavigate();
  const row = useRef<HTMLDivElement>(null);
  useCurrentInView(row, tab);
  return (
    <Page
      title={nameOf(endpoint)}
      state={<EndpointStanding endpoint={endpoint} />}
      actions={
        <>
          <ButtonLink to="/event-types" variant="default">
            {t('types.title')}
          </ButtonLink>
          <Switched endpoint={endpoint} />
        </>
      }
    >
      <WorkProgress endpoint={endpoint} asOf={asOf} />
      <Tabs
        value={tab}
        onChange={(value) =>
          void navigate({
            search: ({ cohort, range }) => ({ cohort, range, tab: TABS.find((name) => name === value) }),
          })
        }
        keepMounted={false}
      >
        <Tabs.List ref={row} mb="lg">
          {TABS.map((name) => (
            <Tabs.Tab key={name} value={name}>
              {t(`one.tab.${name}`)}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <Tabs.Panel value="overview">
          <OverviewTab endpoint={endpoint} />
        </Tabs.Panel>
        <Tabs.Panel value="log">
          <LogTab endpoint={endpoint} />
        </Tabs.Panel>
        <Tabs.Panel value="test">
          <SendTest endpoint={endpoint} />
        </Tabs.Panel>
        <Tabs.Panel value="settings">
          <SettingsTab endpoint={endpoint} />
        </Tabs.Panel>
      </Tabs>
    </Page>
  );
}
