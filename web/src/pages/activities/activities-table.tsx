/** The activities as a table. */
import { Group, Table, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useFormatter, useTranslations } from 'use-intl';
import type { Activity } from '../../api/types.ts';
import { useActivityName } from '../../parts/activity-name.ts';
import { Count, Moment, Percent } from '../../parts/figures.tsx';
import { SortHead } from '../../parts/sort-head.tsx';
import { TableRegion } from '../../parts/table-region.tsx';
import { Explainable, type FigureRequest } from '../../shell/explain.tsx';
import classes from './activities.module.css';
import { type ActivitySort, SORT_ORDER } from './list-search.ts';

export function ActivitiesTable(props: {
  activities: Activity[];
  figure: Partial<FigureRequest>;
  sort: ActivitySort;
  onSort(by: ActivitySort): void;
}) {
  const t = useTranslations('activities');
  const head = (by: ActivitySort) => ({
    order: props.sort === by ? SORT_ORDER[by] : null,
    onSort: () => props.onSort(by),
  });
  return (
    <TableRegion label={t('title')}>
      <Table>
        <Table.Thead>
          <Table.Tr>
            <SortHead {...head('title')}>{t('list.name')}</SortHead>
            <Table.Th scope="col">{t('list.platform')}</Table.Th>
            <Table.Th scope="col">{t('list.kindHead')}</Table.Th>
            <SortHead {...head('attempts')} right>
              {t('list.completed')}
            </SortHead>
            <Table.Th scope="col" ta="right">
              {t('list.learners')}
            </Table.Th>
            <SortHead {...head('average')} right>
              {t('list.average')}
            </SortHead>
            <Table.Th scope="col" ta="right">
              {t('list.pass')}
            </Table.Th>
            <Table.Th scope="col" ta="right">
              {t('list.due')}
            </Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {props.activities.map((activity) => (
            <ActivityRow key={activity.id} activity={activity} figure={props.figure} />
          ))}
        </Table.Tbody>
      </Table>
    </TableRegion>
  );
}

function ActivityRow({ activity, figure }: { activity: Activity; figure: Partial<FigureRequest> }) {
  const t = useTranslations('activities.list');
  const provider = useTranslations('common.provider');
  const kind = useTranslations('common.activityKind');
  const format = useFormatter();
  const name = useActivityName()(activity);
  return (
    <Table.Tr>
      <Table.Th scope="row" fw={400}>
        <Link to="/activities/$id" params={{ id: activity.id }} className={classes.name}>
          {name}
        </Link>
      </Table.Th>
      <Table.Td className={classes.nowrap}>{provider(activity.provider)}</Table.Td>
      <Table.Td className={classes.nowrap}>{kind(activity.kind)}</Table.Td>
      <Table.Td ta="right">
        <Count value={activity.attemptsCompleted} />
      </Table.Td>
      <Table.Td ta="right">
        <Count value={activity.learners} />
      </Table.Td>
      <Table.Td ta="right">
        {activity.averagePercentage === null ? (
          <Percent value={null} />
        ) : (
          <Explainable
            figure={{ ...figure, figure: 'activity.averagePercentage', activity: activity.id }}
            name={t('averageOf', { name })}
          >
            <Percent value={activity.averagePercentage} />
          </Explainable>
        )}
      </Table.Td>
      <Table.Td ta="right">
        <Percent value={activity.passPercentage} />
      </Table.Td>
      <Table.Td ta="right" className={classes.nowrap}>
        <Group gap="xs" justify="flex-end" wrap="nowrap">
          {activity.dueAt !== null && new Date(activity.dueAt) < new Date() && (
            <Text span size="xs" c="dimmed" title={format.relativeTime(new Date(activity.dueAt), new Date())}>
              {t('overdue')}
            </Text>
          )}
          <Moment at={activity.dueAt} />
        </Group>
      </Table.Td>
    </Table.Tr>
  );
}
