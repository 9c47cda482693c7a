/** How an endpoint fares: its counts, deliveries and latency by time, and the last ones. */
import { Alert, SegmentedControl, Text } from '@mantine/core';
import { getRouteApi } from '@tanstack/react-router';
import { CircleX, TriangleAlert } from 'lucide-react';
import { useTranslations } from 'use-intl';
import { $api } from '../../api/hooks.ts';
import { ButtonLink } from '../../parts/button-link.tsx';
import { FigureList, FigureTile } from '../../parts/figure-list.tsx';
import { Count, Moment } from '../../parts/figures.tsx';
import { Section } from '../../parts/page.tsx';
import { Empty, Shown } from '../../parts/states.tsx';
import { ActivityCharts } from './activity-charts.tsx';
import { DeliveriesTable } from './deliveries-table.tsx';
import type { Endpoint } from './endpoint-draft.ts';
import { standingOf } from './endpoint-marks.tsx';
import { WINDOWS } from './endpoint-search.ts';
import { useRefetchWhenMoved, whileOnTheWay } from './log-refresh.ts';

const route = getRouteApi('/signed-in/endpoints/$id');
const LAST = 8;
const LOOK_MS = 5_000;

export function OverviewTab({ endpoint }: { endpoint: Endpoint }) {
  const t = useTranslations('endpoints');
  const { window = '24h' } = route.useSearch();
  const navigate = route.useNavigate();
  const activity = $api.useQuery(
    'get',
    '/api/v1/endpoints/{id}/activity',
    { params: { path: { id: endpoint.id }, query: { window } } },
    { refetchInterval: LOOK_MS, placeholderData: (previous) => previous },
  );
  const last = $api.useQuery(
    'get',
    '/api/v1/deliveries',
    { params: { query: { endpoint: endpoint.id, limit: LAST } } },
    { refetchInterval: ({ state }) => whileOnTheWay(state.data?.data ?? []) },
  );
  useRefetchWhenMoved(endpoint, last.refetch);
  return (
    <>
      <Trouble endpoint={endpoint} />
      <FigureList>
        <FigureTile label={t('overview.pending')} note={t('overview.pendingNote')}>
          <Count value={endpoint.pending} />
        </FigureTile>
        <FigureTile label={t('overview.succeeded')} note={t('overview.day')}>
          <Count value={endpoint.succeeded24h} />
        </FigureTile>
        <FigureTile label={t('overview.failed')} note={t('overview.failedNote')}>
          <Count value={endpoint.failed24h} />
        </FigureTile>
      </FigureList>
      <Section
        title={t('overview.activity')}
        actions={
          <SegmentedControl
            size="xs"
            aria-label={t('overview.window')}
            value={window}
            onChange={(value) =>
              void navigate({
                search: (previous) => ({ ...previous, window: WINDOWS.find((name) => name === value) }),
                replace: true,
              })
            }
            data={WINDOWS.map((name) => ({ value: name, label: t(`overview.windowOf.${name}`) }))}
          />
        }
      >
        <Shown query={activity} lines={6}>
          {(data) => <ActivityCharts activity={data} />}
        </Shown>
      </Section>
      <Section
        title={t('overview.last')}
        actions={
          <ButtonLink
            to="/endpoints/$id"
            params={{ id: endpoint.id }}
            search={{ tab: 'log' }}
            variant="subtle"
            size="compact-sm"
          >
            {t('overview.all')}
          </ButtonLink>
        }
      >
        <Shown query={last}>
          {({ data }) =>
            data.length === 0 ? (
              <Empty
                title={t('log.empty')}
                action={
                  <ButtonLink to="/endpoints/$id" params={{ id: endpoint.id }} search={{ tab: 'test' }}>
                    {t('test.title')}
                  </ButtonLink>
                }
              >
                {t('log.emptyText')}
              </Empty>
            ) : (
              <DeliveriesTable endpoint={endpoint.id} deliveries={data} label={t('overview.last')} />
            )
          }
        </Shown>
      </Section>
    </>
  );
}

/** What needs somebody, before anything else. */
function Trouble({ endpoint }: { endpoint: Endpoint }) {
  const t = useTranslations('endpoints.overview');
  const standing = standingOf(endpoint);
  if (standing === 'failing') {
    return (
      <Alert mb="lg" color="amber" variant="light" icon={<TriangleAlert size={18} aria-hidden />} title={t('failing')}>
        {t.rich('failingText', { time: () => <Moment at={endpoint.failingSince} /> })}
      </Alert>
    );
  }
  if (standing === 'disabled') {
    return (
      <Alert mb="lg" color="red" variant="light" icon={<CircleX size={18} aria-hidden />} title={t('disabled')}>
        <Text size="sm" lang="en">
          {endpoint.disabledReason}
        </Text>
        <Text size="sm">{t('disabledText')}</Text>
      </Alert>
    );
  }
  return null;
}
