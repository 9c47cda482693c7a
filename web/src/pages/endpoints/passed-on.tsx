/** Where the events of a learner or an attempt were passed on to, and whether they got there. */
import { Table, Text } from '@mantine/core';
import { useTranslations } from 'use-intl';
import { $api } from '../../api/hooks.ts';
import { Moment } from '../../parts/figures.tsx';
import { Section } from '../../parts/page.tsx';
import { TableRegion } from '../../parts/table-region.tsx';
import { TextLink } from '../../parts/text-link.tsx';
import { useMe } from '../../shell/session.ts';
import { DeliveryMark, useEndpointName } from './endpoint-marks.tsx';
import { useEventName } from './event-names.tsx';

const SHOWN = 10;

/** Nothing at all while there are no endpoints; who may not list them sees it where something was passed on. */
export function PassedOn(props: { of: { learner: string } | { attempt: string } }) {
  const { role } = useMe();
  return role === 'admin' || role === 'instructor' ? <Shown {...props} admin={role === 'admin'} /> : null;
}

function Shown(props: { of: { learner: string } | { attempt: string }; admin: boolean }) {
  const t = useTranslations('endpoints.passedOn');
  const nameOf = useEndpointName();
  const eventName = useEventName();
  const deliveries = $api.useQuery('get', '/api/v1/deliveries', {
    params: { query: { ...props.of, limit: SHOWN + 1 } },
  });
  const endpoints = $api.useQuery(
    'get',
    '/api/v1/endpoints',
    { params: { query: { limit: 1 } } },
    { enabled: props.admin },
  );
  const found = deliveries.data?.data;
  // A side matter: while it loads or fails, the page is whole without it.
  if (found === undefined) return null;
  if (found.length === 0 && (endpoints.data?.data.length ?? 0) === 0) return null;
  const rows = found.slice(0, SHOWN);
  return (
    <Section title={t('title')} note={found.length > SHOWN ? t('newest', { count: SHOWN }) : undefined}>
      {rows.length === 0 ? (
        <Text c="dimmed">{t('none')}</Text>
      ) : (
        <TableRegion label={t('title')}>
          <Table miw={640} maw={960}>
            <Table.Thead>
              <Table.Tr>
                <Table.Th scope="col">{t('endpoint')}</Table.Th>
                <Table.Th scope="col">{t('event')}</Table.Th>
                <Table.Th scope="col">{t('status')}</Table.Th>
                <Table.Th scope="col">{t('when')}</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {rows.map((delivery) => (
                <Table.Tr key={delivery.id}>
                  <Table.Th scope="row" fw={400}>
                    {props.admin ? (
                      <TextLink
                        to="/endpoints/$id"
                        params={{ id: delivery.endpointId }}
                        search={{ tab: 'log', delivery: delivery.id }}
                      >
                        {nameOf(delivery.endpoint)}
                      </TextLink>
                    ) : (
                      nameOf(delivery.endpoint)
                    )}
                  </Table.Th>
                  <Table.Td>{eventName(delivery.eventType)}</Table.Td>
                  <Table.Td style={{ whiteSpace: 'nowrap' }}>
                    <DeliveryMark status={delivery.status} tries={delivery.tries} />
                  </Table.Td>
                  <Table.Td>
                    <Moment at={delivery.lastAttempt?.at ?? delivery.createdAt} />
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </TableRegion>
      )}
    </Section>
  );
}
