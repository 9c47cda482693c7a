/** Every delivery of an endpoint as it happens; one opens beside the list. */
import { Button, Drawer, Group, NativeSelect, TextInput } from '@mantine/core';
import { useDebouncedCallback, useDisclosure } from '@mantine/hooks';
import { getRouteApi } from '@tanstack/react-router';
import { History, RotateCcw, Search } from 'lucide-react';
import { useEffect, useMemo, useState } from 'react';
import { useTranslations } from 'use-intl';
import { defined } from '../../api/defined.ts';
import { $api } from '../../api/hooks.ts';
import { LoadMore } from '../../parts/load-more.tsx';
import { Empty, Shown } from '../../parts/states.tsx';
import { PERIODS, periodStart } from '../receipts/receipt-search.ts';
import { Backfill } from './backfill.tsx';
import { DeliveriesTable } from './deliveries-table.tsx';
import { DeliveryView } from './delivery-view.tsx';
import type { Endpoint } from './endpoint-draft.ts';
import { type EndpointSearch, STATUSES } from './endpoint-search.ts';
import { useEventName } from './event-names.tsx';
import { useEventTypes } from './event-type-select.tsx';
import { useGathered } from './gathered.ts';
import { useRefetchWhenMoved, whileOnTheWay } from './log-refresh.ts';
import { Recover } from './recover.tsx';

const route = getRouteApi('/signed-in/endpoints/$id');
/** Waits for a pause in typing before it asks. */
const PAUSE_MS = 300;

export function LogTab({ endpoint }: { endpoint: Endpoint }) {
  const t = useTranslations('endpoints');
  const { status, type, within, event, delivery } = route.useSearch();
  const navigate = route.useNavigate();
  const narrow = (change: EndpointSearch) =>
    void navigate({ search: (previous) => ({ ...previous, ...change }), replace: true, resetScroll: false });
  const [recovering, recover] = useDisclosure(false);
  const [backfilling, backfill] = useDisclosure(false);
  return (
    <>
      <Group justify="space-between" align="flex-end" mb="md" gap="sm">
        <Filters narrow={narrow} />
        <Group gap="sm">
          <Button
            variant="default"
            leftSection={<RotateCcw size={16} aria-hidden />}
            onClick={recover.open}
            disabled={!endpoint.enabled}
          >
            {t('recover.open')}
          </Button>
          <Button
            variant="default"
            leftSection={<History size={16} aria-hidden />}
            onClick={backfill.open}
            disabled={!endpoint.enabled}
          >
            {t('backfill.open')}
          </Button>
        </Group>
      </Group>
      <Log endpoint={endpoint} filter={{ status, type, within, event }} />
      <Drawer
        opened={delivery !== undefined}
        onClose={() => narrow({ delivery: undefined })}
        position="right"
        size="lg"
        title={t('delivery.title')}
        closeButtonProps={{ 'aria-label': t('delivery.close') }}
      >
        {delivery !== undefined && <DeliveryView key={delivery} id={delivery} />}
      </Drawer>
      {recovering && <Recover endpoint={endpoint} onClose={recover.close} />}
      {backfilling && <Backfill endpoint={endpoint} onClose={backfill.close} />}
    </>
  );
}

function Filters({ narrow }: { narrow(change: EndpointSearch): void }) {
  const t = useTranslations('endpoints.log');
  const statusWords = useTranslations('endpoints.status');
  const period = useTranslations('sources.receipts');
  const nameOf = useEventName();
  const types = useEventTypes();
  const { status, type, within, event } = route.useSearch();
  const [typed, setTyped] = useState(event ?? '');
  const search = useDebouncedCallback((text: string) => narrow({ event: text.trim() || undefined }), PAUSE_MS);
  return (
    <Group gap="sm" align="flex-end">
      <NativeSelect
        label={t('status')}
        value={status ?? ''}
        onChange={(change) => narrow({ status: STATUSES.find((name) => name === change.currentTarget.value) })}
        data={[
          { value: '', label: t('anyStatus') },
          ...STATUSES.map((name) => ({ value: name, label: statusWords(name) })),
        ]}
      />
      <NativeSelect
        label={t('type')}
        value={type ?? ''}
        onChange={(change) => narrow({ type: change.currentTarget.value || undefined })}
        data={[
          { value: '', label: t('anyType') },
          ...(types.data?.data ?? []).map((entry) => ({ value: entry.type, label: nameOf(entry.type) })),
        ]}
      />
      <NativeSelect
        label={t('time')}
        value={within ?? ''}
        onChange={(change) => narrow({ within: PERIODS.find((name) => name === change.currentTarget.value) })}
        data={[
          { value: '', label: period('allTime') },
          ...PERIODS.map((name) => ({ value: name, label: period(`period.${name}`) })),
        ]}
      />
      <TextInput
        label={t('event')}
        placeholder="evt_…"
        leftSection={<Search size={16} aria-hidden />}
        value={typed}
        onChange={(change) => {
          setTyped(change.currentTarget.value);
          search(change.currentTarget.value);
        }}
        spellCheck={false}
      />
    </Group>
  );
}

function Log(props: { endpoint: Endpoint; filter: Pick<EndpointSearch, 'status' | 'type' | 'within' | 'event'> }) {
  const t = useTranslations('endpoints.log');
  const types = useEventTypes();
  const { status, type, within, event } = props.filter;
  // The period ends now: asked anew when the filter changes, not on every render.
  const from = useMemo(() => periodStart(within, Date.now()), [within]);
  const eventType = types.data?.data.find((entry) => entry.type === type)?.type;
  const query = $api.useInfiniteQuery(
    'get',
    '/api/v1/deliveries',
    { params: { query: { endpoint: props.endpoint.id, ...defined({ status, eventType, from, event }) } } },
    {
      pageParamName: 'cursor',
      initialPageParam: null,
      getNextPageParam: ({ nextCursor }) => nextCursor ?? undefined,
      placeholderData: (previous) => previous,
      refetchInterval: ({ state }) => whileOnTheWay(state.data?.pages.flatMap(({ data }) => data) ?? []),
      // What is no id of an event is said at once, and not asked again.
      retry: false,
    },
  );
  useRefetchWhenMoved(props.endpoint, query.refetch);
  const rows = query.data?.pages.flatMap(({ data }) => data) ?? [];
  const { shown, waiting, show, hold, release } = useGathered(rows);
  const filtered = status !== undefined || type !== undefined || within !== undefined || event !== undefined;
  // Another question has other rows: none of them is new.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the filter is what it waits for.
  useEffect(() => show(), [status, type, within, event]);
  if (query.error !== null) return <Shown query={{ ...query, data: undefined }}>{() => null}</Shown>;
  return (
    <Shown query={query} lines={10}>
      {() =>
        rows.length === 0 ? (
          <Empty title={t(filtered ? 'noneFit' : 'empty')}>{t(filtered ? 'noneFitText' : 'emptyText')}</Empty>
        ) : (
          // biome-ignore lint/a11y/noStaticElementInteractions: it only notices that somebody reads.
          <div onPointerEnter={hold} onPointerLeave={release} onFocus={hold} onBlur={release}>
            <div role="status">
              {waiting > 0 && (
                <Button size="compact-sm" variant="light" mb="xs" onClick={show}>
                  {t('new', { count: waiting })}
                </Button>
              )}
            </div>
            <DeliveriesTable endpoint={props.endpoint.id} deliveries={shown} label={t('title')} search={props.filter} />
            <LoadMore query={query} shown={t(query.hasNextPage ? 'shownSome' : 'shownAll', { count: shown.length })} />
          </div>
        )
      }
    </Shown>
  );
}
