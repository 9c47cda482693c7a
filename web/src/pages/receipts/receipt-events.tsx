/** What a webhook meant: events with whom and what they are about. */
import { Table } from '@mantine/core';
import { useTranslations } from 'use-intl';
import type { FeedEvent } from '../../api/types.ts';
import { useActivityName } from '../../parts/activity-name.ts';
import { Moment } from '../../parts/figures.tsx';
import { TableRegion } from '../../parts/table-region.tsx';
import { TextLink } from '../../parts/text-link.tsx';
import { useLearnerName } from '../../shell/presenter.tsx';

export function ReceiptEvents({ events }: { events: readonly FeedEvent[] }) {
  const t = useTranslations('sources.receipt');
  const activityName = useActivityName();
  const none = useTranslations('common.figure')('none');
  const nameOf = useLearnerName();
  return (
    <TableRegion label={t('events')}>
      <Table miw={620}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col">{t('event')}</Table.Th>
            <Table.Th scope="col">{t('occurred')}</Table.Th>
            <Table.Th scope="col">{t('learner')}</Table.Th>
            <Table.Th scope="col">{t('activity')}</Table.Th>
            <Table.Th scope="col">{t('attempt')}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {events.map((event) => (
            <Table.Tr key={event.id}>
              <Table.Th scope="row" fw={400} className="gw-mono">
                {event.type}
              </Table.Th>
              <Table.Td style={{ whiteSpace: 'nowrap' }}>
                <Moment at={event.occurredAt} />
              </Table.Td>
              <Table.Td>
                {event.learner === null ? (
                  none
                ) : (
                  <TextLink to="/learners/$id" params={{ id: event.learner.id }} size="sm">
                    {nameOf(event.learner)}
                  </TextLink>
                )}
              </Table.Td>
              <Table.Td>
                {event.activity === null ? (
                  none
                ) : (
                  <TextLink to="/activities/$id" params={{ id: event.activity.id }} size="sm">
                    {activityName(event.activity)}
                  </TextLink>
                )}
              </Table.Td>
              <Table.Td>
                {event.attempt === null ? (
                  none
                ) : (
                  <TextLink to="/attempts/$id" params={{ id: event.attempt.id }} size="sm">
                    {t('openAttempt')}
                  </TextLink>
                )}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </TableRegion>
  );
}
