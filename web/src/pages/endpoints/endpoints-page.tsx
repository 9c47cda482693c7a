/** Where events are passed on, and whether they get there. */
import { Table, Text } from '@mantine/core';
import { Plus } from 'lucide-react';
import { useTranslations } from 'use-intl';
import { $api } from '../../api/hooks.ts';
import { ButtonLink } from '../../parts/button-link.tsx';
import { Count } from '../../parts/figures.tsx';
import { Page } from '../../parts/page.tsx';
import { Empty, Shown } from '../../parts/states.tsx';
import { TableRegion } from '../../parts/table-region.tsx';
import { TextLink } from '../../parts/text-link.tsx';
import { usePresenter } from '../../shell/presenter.tsx';
import { DisabledReason } from './disabled-reason.tsx';
import type { Endpoint } from './endpoint-draft.ts';
import { EndpointStanding, hostOf, useEndpointName, useKindName } from './endpoint-marks.tsx';
import { useEventNames } from './event-names.tsx';

/** Nobody passes events on to more places from one workspace; the API gives no more at once. */
const MOST = 200;
/** Counts of the last day move slowly. */
const LOOK_MS = 5_000;

export function EndpointsPage() {
  const t = useTranslations('endpoints');
  const query = $api.useQuery(
    'get',
    '/api/v1/endpoints',
    { params: { query: { limit: MOST } } },
    { refetchInterval: LOOK_MS },
  );
  const add = (
    <ButtonLink to="/endpoints/new" leftSection={<Plus size={16} aria-hidden />}>
      {t('list.add')}
    </ButtonLink>
  );
  return (
    <Page
      title={t('title')}
      state={t('list.state')}
      actions={
        <>
          <ButtonLink to="/event-types" variant="default">
            {t('types.title')}
          </ButtonLink>
          {query.data?.data.length !== 0 && add}
        </>
      }
    >
      <Shown query={query}>
        {({ data }) =>
          data.length === 0 ? (
            <Empty title={t('list.empty')} action={add}>
              {t('list.emptyText')}
            </Empty>
          ) : (
            <TableRegion label={t('title')}>
              <Table miw={860}>
                <Table.Thead>
                  <Table.Tr>
                    <Table.Th scope="col">{t('list.endpoint')}</Table.Th>
                    <Table.Th scope="col">{t('list.events')}</Table.Th>
                    <Table.Th scope="col">{t('list.standing')}</Table.Th>
                    <Table.Th scope="col" ta="right">
                      {t('list.pending')}
                    </Table.Th>
                    <Table.Th scope="col" ta="right">
                      {t('list.succeeded')}
                    </Table.Th>
                    <Table.Th scope="col" ta="right">
                      {t('list.failed')}
                    </Table.Th>
                  </Table.Tr>
                </Table.Thead>
                <Table.Tbody>
                  {data.map((endpoint) => (
                    <EndpointRow key={endpoint.id} endpoint={endpoint} />
                  ))}
                </Table.Tbody>
              </Table>
            </TableRegion>
          )
        }
      </Shown>
    </Page>
  );
}

function EndpointRow({ endpoint }: { endpoint: Endpoint }) {
  const t = useTranslations('endpoints');
  const nameOf = useEndpointName();
  const kindOf = useKindName();
  const eventNames = useEventNames();
  const presenter = usePresenter();
  const where = endpoint.kind === 'email' ? (presenter.on ? null : endpoint.to) : hostOf(endpoint.url);
  return (
    <Table.Tr>
      <Table.Th scope="row" fw={400}>
        <TextLink to="/endpoints/$id" params={{ id: endpoint.id }} fw={600}>
          {nameOf(endpoint)}
        </TextLink>
        <Text size="xs" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
          {[kindOf(endpoint), where]
            .filter((part) => part !== null && part !== 'learner' && part !== nameOf(endpoint))
            .join(' · ')}
        </Text>
      </Table.Th>
      <Table.Td maw={280}>
        <Text size="sm" lineClamp={2}>
          {endpoint.eventTypes.length === 0 ? t('list.allEvents') : eventNames(endpoint.eventTypes)}
        </Text>
      </Table.Td>
      <Table.Td maw={320}>
        <EndpointStanding endpoint={endpoint} />
        <DisabledReason endpoint={endpoint} />
      </Table.Td>
      <Table.Td ta="right">
        <Count value={endpoint.pending} />
      </Table.Td>
      <Table.Td ta="right">
        <Count value={endpoint.succeeded24h} />
      </Table.Td>
      <Table.Td ta="right" {...(endpoint.failed24h > 0 ? { c: 'var(--gw-failure)', fw: 600 } : {})}>
        <Count value={endpoint.failed24h} />
      </Table.Td>
    </Table.Tr>
  );
}
