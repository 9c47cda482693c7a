/** "Webhooks": everything that arrived, and what was refused. */
import { Button, Group, NativeSelect, Tabs } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { getRouteApi } from '@tanstack/react-router';
import { RotateCcw } from 'lucide-react';
import { useMemo } from 'react';
import { useTranslations } from 'use-intl';
import { defined } from '../../api/defined.ts';
import { $api } from '../../api/hooks.ts';
import { ButtonLink } from '../../parts/button-link.tsx';
import { LoadMore } from '../../parts/load-more.tsx';
import { Page } from '../../parts/page.tsx';
import { Empty, Shown } from '../../parts/states.tsx';
import { BulkReplay } from './bulk-replay.tsx';
import { PERIODS, periodStart, type ReceiptSearch, STATUSES } from './receipt-search.ts';
import { ReceiptsTable } from './receipts-table.tsx';
import { RejectionsList } from './rejections-list.tsx';

const route = getRouteApi('/signed-in/receipts');
const MOST_SOURCES = 200;

export function ReceiptsPage() {
  const t = useTranslations('sources');
  const { tab, source } = route.useSearch();
  const navigate = route.useNavigate();
  const narrow = (change: ReceiptSearch) =>
    void navigate({ search: (previous) => ({ ...previous, ...change }), replace: true });
  const sources = $api.useQuery('get', '/api/v1/sources', { params: { query: { limit: MOST_SOURCES } } });
  const sourceFilter = (
    <NativeSelect
      label={t('receipts.bySource')}
      value={source ?? ''}
      onChange={(event) => narrow({ source: event.currentTarget.value || undefined })}
      data={[
        { value: '', label: t('receipts.allSources') },
        ...(sources.data?.data ?? []).map(({ id, name }) => ({ value: id, label: name })),
      ]}
    />
  );
  return (
    <Page
      title={t('receipts.title')}
      state={t('receipts.state')}
      actions={
        <ButtonLink to="/sources" variant="default">
          {t('title')}
        </ButtonLink>
      }
    >
      <Tabs
        value={tab ?? 'receipts'}
        onChange={(value) => narrow({ tab: value === 'rejections' ? 'rejections' : undefined })}
        keepMounted={false}
      >
        <Tabs.List mb="md">
          <Tabs.Tab value="receipts">{t('receipts.tab')}</Tabs.Tab>
          <Tabs.Tab value="rejections">{t('rejections.tab')}</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="receipts">
          <Receipts sourceFilter={sourceFilter} narrow={narrow} />
        </Tabs.Panel>
        <Tabs.Panel value="rejections">
          <Group mb="md">{sourceFilter}</Group>
          <Rejections source={source} />
        </Tabs.Panel>
      </Tabs>
    </Page>
  );
}

function Receipts(props: { sourceFilter: React.ReactNode; narrow(change: ReceiptSearch): void }) {
  const t = useTranslations('sources');
  const { source, status, within } = route.useSearch();
  const [replaying, replay] = useDisclosure(false);
  // The period ends now: asked anew when the filter changes, not on every render.
  const from = useMemo(() => periodStart(within, Date.now()), [within]);
  const filter = defined({ source, status, from });
  const query = $api.useInfiniteQuery(
    'get',
    '/api/v1/receipts',
    { params: { query: filter } },
    {
      pageParamName: 'cursor',
      initialPageParam: null,
      getNextPageParam: ({ nextCursor }) => nextCursor ?? undefined,
      placeholderData: (previous) => previous,
    },
  );
  const words = [
    source === undefined ? t('replay.which.anySource') : t('replay.which.source'),
    status === undefined ? t('replay.which.anyStatus') : t('replay.which.status', { status: t(`status.${status}`) }),
    within === undefined ? t('replay.which.anyTime') : t(`receipts.period.${within}`),
  ].join(', ');
  const filtered = source !== undefined || status !== undefined || within !== undefined;
  return (
    <>
      <Group mb="md" align="flex-end" gap="sm">
        {props.sourceFilter}
        <NativeSelect
          label={t('receipts.byStatus')}
          value={status ?? ''}
          onChange={(event) => props.narrow({ status: STATUSES.find((name) => name === event.currentTarget.value) })}
          data={[
            { value: '', label: t('receipts.allStatuses') },
            ...STATUSES.map((name) => ({ value: name, label: t(`status.${name}`) })),
          ]}
        />
        <NativeSelect
          label={t('receipts.byTime')}
          value={within ?? ''}
          onChange={(event) => props.narrow({ within: PERIODS.find((name) => name === event.currentTarget.value) })}
          data={[
            { value: '', label: t('receipts.allTime') },
            ...PERIODS.map((name) => ({ value: name, label: t(`receipts.period.${name}`) })),
          ]}
        />
        {status !== 'pending' && (
          <Button variant="default" leftSection={<RotateCcw size={16} aria-hidden />} onClick={replay.open}>
            {t(filtered ? 'replay.these' : 'replay.all')}
          </Button>
        )}
      </Group>
      <Shown query={query} lines={10}>
        {({ pages }) => {
          const receipts = pages.flatMap(({ data }) => data);
          if (receipts.length === 0 && filtered) {
            return <Empty title={t('receipts.noneFit')}>{t('receipts.noneFitText')}</Empty>;
          }
          if (receipts.length === 0) {
            return (
              <Empty title={t('receipts.empty')} action={<ButtonLink to="/sources/new">{t('list.add')}</ButtonLink>}>
                {t('receipts.emptyText')}
              </Empty>
            );
          }
          return (
            <>
              <ReceiptsTable label={t('receipts.title')} receipts={receipts} />
              <LoadMore
                query={query}
                shown={t(query.hasNextPage ? 'receipts.shownSome' : 'receipts.shownAll', { count: receipts.length })}
              />
            </>
          );
        }}
      </Shown>
      {replaying && <BulkReplay filter={filter} words={words} onClose={replay.close} />}
    </>
  );
}

function Rejections({ source }: { source: string | undefined }) {
  const t = useTranslations('sources.rejections');
  const query = $api.useInfiniteQuery(
    'get',
    '/api/v1/rejections',
    { params: { query: defined({ source }) } },
    {
      pageParamName: 'cursor',
      initialPageParam: null,
      getNextPageParam: ({ nextCursor }) => nextCursor ?? undefined,
    },
  );
  return (
    <Shown query={query}>
      {({ pages }) => {
        const rejections = pages.flatMap(({ data }) => data);
        if (rejections.length === 0) return <Empty title={t('empty')}>{t('emptyText')}</Empty>;
        return (
          <>
            <RejectionsList rejections={rejections} />
            <LoadMore
              query={query}
              shown={t(query.hasNextPage ? 'shownSome' : 'shownAll', { count: rejections.length })}
            />
          </>
        );
      }}
    </Shown>
  );
}
