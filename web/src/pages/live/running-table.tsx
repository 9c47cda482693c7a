/** Who is in an attempt now, and how it stands. */
import { Button, Table, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { CircleAlert, CircleDashed, Clock, Play } from 'lucide-react';
import { useTranslations } from 'use-intl';
import type { Answer, Item } from '../../api/types.ts';
import { useActivityName } from '../../parts/activity-name.ts';
import { Moment, TestMark, Unverified } from '../../parts/figures.tsx';
import { Section } from '../../parts/page.tsx';
import { Empty, Shown } from '../../parts/states.tsx';
import { useLearnerName } from '../../shell/presenter.tsx';
import { useMe } from '../../shell/session.ts';
import classes from './live.module.css';

type Running = Item<'/api/v1/running'>;

const STANDINGS = {
  active: { icon: Play, color: 'var(--gw-good)' },
  idle: { icon: Clock, color: 'var(--gw-muted)' },
  stuck: { icon: CircleAlert, color: 'var(--gw-attention)' },
  expired: { icon: CircleDashed, color: 'var(--gw-failure)' },
} as const;

export function RunningTable(props: {
  query: { data: Answer<'/api/v1/running'> | undefined; error: unknown; refetch(): unknown };
}) {
  const t = useTranslations('live.running');
  const { role } = useMe();
  return (
    <Section title={t('title')}>
      <Shown query={props.query}>
        {({ data, nextCursor }) =>
          data.length === 0 ? (
            <Empty
              title={t('empty')}
              action={
                role === 'admin' ? (
                  <Button variant="default" renderRoot={(root) => <Link to="/sources/new" {...root} />}>
                    {t('firstSource')}
                  </Button>
                ) : undefined
              }
            >
              {t('emptyText')}
            </Empty>
          ) : (
            <>
              {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard. */}
              <section className={classes.scroll} aria-label={t('table')} tabIndex={0}>
                <Table>
                  <Table.Thead>
                    <Table.Tr>
                      <Table.Th scope="col">{t('learner')}</Table.Th>
                      <Table.Th scope="col" className={classes.name ?? ''}>
                        {t('standing')}
                      </Table.Th>
                      <Table.Th scope="col">{t('activity')}</Table.Th>
                      <Table.Th scope="col">{t('steps')}</Table.Th>
                      <Table.Th scope="col" ta="right">
                        {t('last')}
                      </Table.Th>
                    </Table.Tr>
                  </Table.Thead>
                  <Table.Tbody>
                    {data.map((row) => (
                      <Row key={row.attempt.id} row={row} />
                    ))}
                  </Table.Tbody>
                </Table>
              </section>
              {nextCursor !== null && (
                <Text size="sm" c="dimmed" mt="xs">
                  {t('more', { count: data.length })}
                </Text>
              )}
            </>
          )
        }
      </Shown>
    </Section>
  );
}

function Row({ row }: { row: Running }) {
  const t = useTranslations('live.running');
  const nameOf = useLearnerName();
  const activityName = useActivityName();
  const standing = STANDINGS[row.standing];
  const { attempt } = row;
  return (
    <Table.Tr>
      <Table.Td>
        <Link to="/learners/$id" params={{ id: attempt.learner.id }} className={classes.name}>
          {nameOf(attempt.learner)}
        </Link>
      </Table.Td>
      <Table.Td>
        <span className={classes.standing}>
          <standing.icon size={14} aria-hidden color={standing.color} />
          {t(`standings.${row.standing}`)}
        </span>
      </Table.Td>
      <Table.Td className={classes.activity}>
        <Link to="/attempts/$id" params={{ id: attempt.id }}>
          {activityName(attempt.activity)}
        </Link>{' '}
        <Unverified verification={attempt.verification} /> <TestMark test={attempt.test} />
      </Table.Td>
      <Table.Td className={classes.steps}>
        <Steps row={row} />
      </Table.Td>
      <Table.Td ta="right" style={{ whiteSpace: 'nowrap' }}>
        <Moment at={row.lastAt} relative />
      </Table.Td>
    </Table.Tr>
  );
}

function Steps({ row }: { row: Running }) {
  const t = useTranslations('live.running');
  if (row.stepsTotal === null && row.stepsDone === 0 && row.currentStep === null) return null;
  return (
    <>
      {row.stepsTotal !== null && (
        <span className={classes.progress} aria-hidden>
          <span style={{ width: `${(100 * row.stepsDone) / Math.max(1, row.stepsTotal)}%` }} />
        </span>
      )}
      {row.stepsTotal === null
        ? t('stepsDone', { done: row.stepsDone })
        : t('stepsOf', { done: row.stepsDone, total: row.stepsTotal })}
      {row.currentStep !== null && (
        <Text size="xs" c="dimmed">
          {t('current', { step: row.currentStep.externalId, tries: row.currentStep.attempts ?? 0 })}
        </Text>
      )}
    </>
  );
}
