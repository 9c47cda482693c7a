/** Deliveries in a table: how each stands, what it is, about whom, its tries. */
import { Table, Text } from '@mantine/core';
import { useFormatter, useTranslations } from 'use-intl';
import type { Item } from '../../api/types.ts';
import { Count, Moment, TestMark } from '../../parts/figures.tsx';
import { TableRegion } from '../../parts/table-region.tsx';
import { TextLink } from '../../parts/text-link.tsx';
import { DeliveryAbout } from './delivery-about.tsx';
import { DeliveryMark } from './endpoint-marks.tsx';
import type { EndpointSearch } from './endpoint-search.ts';
import classes from './endpoints.module.css';
import { useEventName } from './event-names.tsx';
import { TryResult } from './try-result.tsx';

export function DeliveriesTable(props: {
  endpoint: string;
  deliveries: readonly Item<'/api/v1/deliveries'>[];
  label: string;
  /** What stays in the address when one is opened: the filters of the log. */
  search?: EndpointSearch;
}) {
  const t = useTranslations('endpoints.log');
  const format = useFormatter();
  const nameOf = useEventName();
  return (
    <TableRegion label={props.label}>
      <Table miw={1040}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col">{t('time')}</Table.Th>
            <Table.Th scope="col">{t('status')}</Table.Th>
            <Table.Th scope="col">{t('type')}</Table.Th>
            <Table.Th scope="col">{t('about')}</Table.Th>
            <Table.Th scope="col" ta="right">
              {t('tries')}
            </Table.Th>
            <Table.Th scope="col">{t('lastTry')}</Table.Th>
            <Table.Th scope="col">{t('next')}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {props.deliveries.map((delivery) => (
            <Table.Tr key={delivery.id}>
              <Table.Th scope="row" fw={400} className={classes.when ?? ''}>
                <TextLink
                  to="/endpoints/$id"
                  params={{ id: props.endpoint }}
                  search={{ ...props.search, tab: 'log', delivery: delivery.id }}
                  resetScroll={false}
                >
                  <time dateTime={delivery.createdAt}>
                    {format.dateTime(new Date(delivery.createdAt), { dateStyle: 'medium', timeStyle: 'medium' })}
                  </time>
                </TextLink>{' '}
                <TestMark test={delivery.test} />
              </Table.Th>
              <Table.Td style={{ whiteSpace: 'nowrap' }}>
                <DeliveryMark status={delivery.status} tries={delivery.tries} />
              </Table.Td>
              <Table.Td title={delivery.eventType} style={{ whiteSpace: 'nowrap' }}>
                {nameOf(delivery.eventType)}
              </Table.Td>
              <Table.Td maw={212} className={classes.cut ?? ''}>
                <DeliveryAbout delivery={delivery} />
              </Table.Td>
              <Table.Td ta="right">
                <Count value={delivery.tries} />
              </Table.Td>
              <Table.Td maw={212}>
                <Text size="sm" truncate component="div" title={delivery.lastAttempt?.error ?? delivery.detail ?? ''}>
                  {delivery.lastAttempt === null ? (
                    delivery.detail !== null && <span lang="en">{delivery.detail}</span>
                  ) : (
                    <TryResult attempt={delivery.lastAttempt} />
                  )}
                </Text>
              </Table.Td>
              <Table.Td style={{ whiteSpace: 'nowrap' }}>
                {delivery.nextAttemptAt !== null &&
                  delivery.tries > 0 &&
                  // It waits for others, or for the server that was away.
                  (Date.parse(delivery.nextAttemptAt) <= Date.now() ? (
                    t('due')
                  ) : (
                    <Moment at={delivery.nextAttemptAt} relative />
                  ))}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </TableRegion>
  );
}
