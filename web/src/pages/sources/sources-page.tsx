/** Every connected platform and how it fares. */
import { Group, Skeleton, Table, Text } from '@mantine/core';
import { Plus } from 'lucide-react';
import { useTranslations } from 'use-intl';
import { $api } from '../../api/hooks.ts';
import type { Source } from '../../api/types.ts';
import { ButtonLink } from '../../parts/button-link.tsx';
import { Count, Moment } from '../../parts/figures.tsx';
import { Page } from '../../parts/page.tsx';
import { Empty, Shown } from '../../parts/states.tsx';
import { TableRegion } from '../../parts/table-region.tsx';
import { TextLink } from '../../parts/text-link.tsx';
import { SourceState, standingOf, useSourceHealth } from './source-state.tsx';
import { TroubleOf } from './trouble.tsx';

/** Nobody connects more platforms than this to one workspace; the API gives no more at once. */
const MOST = 200;

export function SourcesPage() {
  const t = useTranslations('sources');
  const query = $api.useQuery('get', '/api/v1/sources', { params: { query: { limit: MOST } } });
  const add = (
    <ButtonLink to="/sources/new" leftSection={<Plus size={16} aria-hidden />}>
      {t('list.add')}
    </ButtonLink>
  );
  return (
    <Page
      title={t('title')}
      state={t('list.state')}
      actions={
        <>
          <ButtonLink to="/receipts" variant="default">
            {t('list.webhooks')}
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
            <>
              {data.map((source) => (
                <TroubleOf key={source.id} source={source} />
              ))}
              <TableRegion label={t('title')}>
                <Table miw={680}>
                  <Table.Thead>
                    <Table.Tr>
                      <Table.Th scope="col">{t('list.source')}</Table.Th>
                      <Table.Th scope="col">{t('list.standing')}</Table.Th>
                      <Table.Th scope="col">{t('list.last')}</Table.Th>
                      <Table.Th scope="col" ta="right">
                        {t('list.received')}
                      </Table.Th>
                      <Table.Th scope="col" ta="right">
                        {t('list.refused')}
                      </Table.Th>
                      <Table.Th scope="col">{t('list.proof')}</Table.Th>
                    </Table.Tr>
                  </Table.Thead>
                  <Table.Tbody>
                    {data.map((source) => (
                      <SourceRow key={source.id} source={source} />
                    ))}
                  </Table.Tbody>
                </Table>
              </TableRegion>
            </>
          )
        }
      </Shown>
    </Page>
  );
}

function SourceRow({ source }: { source: Source }) {
  const t = useTranslations('sources');
  const provider = useTranslations('common.provider');
  const { data: health } = useSourceHealth(source.id);
  return (
    <Table.Tr>
      <Table.Th scope="row" fw={400}>
        <TextLink to="/sources/$id" params={{ id: source.id }} fw={600}>
          {source.name}
        </TextLink>
        <Group gap="sm">
          {source.name !== provider(source.provider) && (
            <Text size="xs" c="dimmed">
              {provider(source.provider)}
            </Text>
          )}
          <Text size="xs" c="dimmed" className="gw-mono">
            {source.slug}
          </Text>
        </Group>
      </Table.Th>
      <Table.Td>
        {health === undefined ? <Skeleton height={16} width={120} /> : <SourceState health={health} />}
      </Table.Td>
      <Table.Td>
        {health !== undefined &&
          (health.lastReceiptAt === null ? t('list.never') : <Moment at={health.lastReceiptAt} relative />)}
      </Table.Td>
      <Table.Td ta="right">
        <Count value={health?.receipts24h} />
      </Table.Td>
      <Table.Td
        ta="right"
        {...(health !== undefined && standingOf(health) === 'rejecting' ? { c: 'var(--gw-failure)', fw: 600 } : {})}
      >
        <Count value={health?.rejections24h} />
      </Table.Td>
      <Table.Td>{t(`proof.${source.verification}`)}</Table.Td>
    </Table.Tr>
  );
}
