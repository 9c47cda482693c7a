/** The learners as a table. */
import { Badge, Group, Table, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { CircleDashed, TriangleAlert } from 'lucide-react';
import { useTranslations } from 'use-intl';
import type { Item, Learner } from '../../api/types.ts';
import { Count, Moment, Percent } from '../../parts/figures.tsx';
import { type Order, SortHead } from '../../parts/sort-head.tsx';
import { TableRegion } from '../../parts/table-region.tsx';
import { Explainable } from '../../shell/explain.tsx';
import { useLearnerName } from '../../shell/presenter.tsx';
import { useRuleSentence } from '../live/rule-sentence.ts';
import classes from './learners.module.css';
import type { LearnerSort } from './list-search.ts';

type Flag = Item<'/api/v1/attention'>;

export function LearnersTable(props: {
  learners: Learner[];
  /** Open flags of anybody. */
  flags: Flag[];
  sort: LearnerSort;
  order: Order;
  onSort(by: LearnerSort): void;
}) {
  const t = useTranslations('learners.list');
  const head = (by: LearnerSort) => ({ order: props.sort === by ? props.order : null, onSort: () => props.onSort(by) });
  return (
    <TableRegion label={t('title')}>
      <Table>
        <Table.Thead>
          <Table.Tr>
            <SortHead {...head('name')}>{t('name')}</SortHead>
            <Table.Th scope="col">{t('attention')}</Table.Th>
            <Table.Th scope="col">{t('platforms')}</Table.Th>
            <SortHead {...head('lastActivity')} right>
              {t('lastActivity')}
            </SortHead>
            <Table.Th scope="col" ta="right">
              {t('completed')}
            </Table.Th>
            <SortHead {...head('average')} right>
              {t('average')}
            </SortHead>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {props.learners.map((learner) => (
            <LearnerRow
              key={learner.id}
              learner={learner}
              flags={props.flags.filter((flag) => flag.learner.id === learner.id)}
            />
          ))}
        </Table.Tbody>
      </Table>
    </TableRegion>
  );
}

function LearnerRow({ learner, flags }: { learner: Learner; flags: Flag[] }) {
  const t = useTranslations('learners.list');
  const provider = useTranslations('common.provider');
  const nameOf = useLearnerName();
  const sentenceOf = useRuleSentence();
  const platforms = [...new Set(learner.identities.map((identity) => provider(identity.provider)))];
  return (
    <Table.Tr>
      <Table.Th scope="row" fw={400}>
        <Group gap="sm" wrap="nowrap">
          <Link to="/learners/$id" params={{ id: learner.id }} className={classes.name}>
            {nameOf(learner)}
          </Link>
          {learner.excluded && (
            <Badge size="xs" variant="outline" color="gray">
              {t('excluded')}
            </Badge>
          )}
        </Group>
      </Table.Th>
      <Table.Td>
        {flags.length > 0 && (
          <span className={classes.mark} title={flags.map(sentenceOf).join('\n')}>
            <TriangleAlert size={14} aria-hidden color="var(--gw-attention)" />
            {t('needsAttention')}
          </span>
        )}
      </Table.Td>
      <Table.Td className={classes.nowrap}>
        {platforms.length > 0 ? (
          platforms.join(', ')
        ) : (
          <Text component="span" size="sm" c="dimmed">
            {t('noPlatform')}
          </Text>
        )}
      </Table.Td>
      {learner.started ? (
        <>
          <Table.Td ta="right" className={classes.nowrap}>
            <Moment at={learner.lastActivityAt} relative />
          </Table.Td>
          <Table.Td ta="right">
            <Count value={learner.attemptsCompleted} />
          </Table.Td>
          <Table.Td ta="right">
            <Explainable
              figure={{ figure: 'learner.averagePercentage', learner: learner.id }}
              name={t('averageOf', { name: nameOf(learner) })}
            >
              <Percent value={learner.averagePercentage} />
            </Explainable>
          </Table.Td>
        </>
      ) : (
        <Table.Td colSpan={3} ta="right">
          <span className={classes.mark}>
            <CircleDashed size={14} aria-hidden color="var(--gw-muted)" />
            <Text component="span" size="sm" c="dimmed">
              {t('neverStarted')}
            </Text>
          </span>
        </Table.Td>
      )}
    </Table.Tr>
  );
}
