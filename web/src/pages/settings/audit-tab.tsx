/** Who did or read what, and when. */
import { Group, NativeSelect, Table, Text } from '@mantine/core';
import { getRouteApi } from '@tanstack/react-router';
import { useMemo } from 'react';
import { useTranslations } from 'use-intl';
import { defined } from '../../api/defined.ts';
import { $api } from '../../api/hooks.ts';
import type { Item } from '../../api/types.ts';
import { Moment } from '../../parts/figures.tsx';
import { LoadMore } from '../../parts/load-more.tsx';
import { Section } from '../../parts/page.tsx';
import { Empty, Shown } from '../../parts/states.tsx';
import { TableRegion } from '../../parts/table-region.tsx';
import { PERIODS, periodStart } from '../receipts/receipt-search.ts';
import { AuditTarget } from './audit-target.tsx';
import { type SettingsSearch, THINGS } from './settings-search.ts';

export type AuditEntry = Item<'/api/v1/audit'>;

const route = getRouteApi('/signed-in/settings');
const MOST = 200;

export function AuditTab() {
  const t = useTranslations('settings.audit');
  const receipts = useTranslations('sources.receipts');
  const { actor, action, within } = route.useSearch();
  const navigate = route.useNavigate();
  const narrow = (change: SettingsSearch) =>
    void navigate({ search: (previous) => ({ ...previous, ...change }), replace: true });
  const members = $api.useQuery('get', '/api/v1/members', { params: { query: { limit: MOST } } });
  const keys = $api.useQuery('get', '/api/v1/keys', { params: { query: { limit: MOST } } });
  const from = useMemo(() => periodStart(within, Date.now()), [within]);
  const query = $api.useInfiniteQuery(
    'get',
    '/api/v1/audit',
    { params: { query: defined({ actor, action, from }) } },
    {
      pageParamName: 'cursor',
      initialPageParam: null,
      getNextPageParam: ({ nextCursor }) => nextCursor ?? undefined,
      placeholderData: (previous) => previous,
    },
  );
  return (
    <Section title={t('title')} note={t('note')}>
      <Group mb="md" gap="sm">
        <NativeSelect
          label={t('actor')}
          value={actor ?? ''}
          onChange={(event) => narrow({ actor: event.currentTarget.value || undefined })}
          data={[
            { value: '', label: t('everyone') },
            {
              group: t('people'),
              items: (members.data?.data ?? []).map(({ id, name }) => ({ value: id, label: name })),
            },
            {
              group: t('programs'),
              items: (keys.data?.data ?? []).map(({ id, name }) => ({ value: id, label: name })),
            },
          ]}
        />
        <NativeSelect
          label={t('about')}
          value={action ?? ''}
          onChange={(event) => narrow({ action: THINGS.find((name) => name === event.currentTarget.value) })}
          data={[
            { value: '', label: t('everything') },
            ...THINGS.map((name) => ({ value: name, label: t(`thing.${name}`) })),
          ]}
        />
        <NativeSelect
          label={receipts('byTime')}
          value={within ?? ''}
          onChange={(event) => narrow({ within: PERIODS.find((name) => name === event.currentTarget.value) })}
          data={[
            { value: '', label: receipts('allTime') },
            ...PERIODS.map((name) => ({ value: name, label: receipts(`period.${name}`) })),
          ]}
        />
      </Group>
      <Shown query={query} lines={10}>
        {({ pages }) => {
          const entries = pages.flatMap(({ data }) => data);
          if (entries.length === 0) return <Empty title={t('empty')}>{t('emptyText')}</Empty>;
          return (
            <>
              <AuditTable entries={entries} />
              <LoadMore
                query={query}
                shown={t(query.hasNextPage ? 'shownSome' : 'shownAll', { count: entries.length })}
              />
            </>
          );
        }}
      </Shown>
    </Section>
  );
}

function AuditTable({ entries }: { entries: AuditEntry[] }) {
  const t = useTranslations('settings.audit');
  const none = useTranslations('common.figure')('none');
  return (
    <TableRegion label={t('title')}>
      <Table miw={820}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col">{t('when')}</Table.Th>
            <Table.Th scope="col">{t('who')}</Table.Th>
            <Table.Th scope="col">{t('what')}</Table.Th>
            <Table.Th scope="col">{t('target')}</Table.Th>
            <Table.Th scope="col">{t('details')}</Table.Th>
            <Table.Th scope="col">{t('ip')}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {entries.map((entry) => (
            <Table.Tr key={entry.id}>
              <Table.Td style={{ whiteSpace: 'nowrap' }}>
                <Moment at={entry.at} />
              </Table.Td>
              <Table.Th scope="row" fw={400} miw={120}>
                {entry.actor.kind === 'system' ? t('system') : entry.actor.name}
                {entry.actor.kind === 'key' && (
                  <Text component="span" size="xs" c="dimmed">
                    {' '}
                    {t('byKey')}
                  </Text>
                )}
              </Table.Th>
              <Table.Td>
                <Action action={entry.action} />
              </Table.Td>
              <Table.Td>
                <AuditTarget target={entry.target} />
              </Table.Td>
              <Table.Td className="gw-mono" maw={280}>
                <Text inherit lineClamp={2}>
                  {detailsOf(entry.details)}
                </Text>
              </Table.Td>
              <Table.Td className="gw-mono">{entry.ip ?? none}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </TableRegion>
  );
}

/** In words where we have them; a newer server may record more than this page knows. */
function Action({ action }: { action: string }) {
  const t = useTranslations('settings.audit');
  const key = `action.${action.replace('.', '_')}` as 'action.learner_read';
  return t.has(key) ? t(key) : <span className="gw-mono">{action}</span>;
}

function detailsOf(details: Record<string, unknown>): string {
  return Object.entries(details)
    .map(([name, value]) => `${name}: ${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join(', ');
}
