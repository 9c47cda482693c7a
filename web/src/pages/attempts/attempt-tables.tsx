/** An attempt by area, by step, and its grades before. */
import { Table } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { CircleCheck, CircleSlash, Play } from 'lucide-react';
import { useTranslations } from 'use-intl';
import type { Answer } from '../../api/types.ts';
import { Count, Duration, Moment, Percent } from '../../parts/figures.tsx';
import { Section } from '../../parts/page.tsx';
import { TableRegion } from '../../parts/table-region.tsx';
import { useMe } from '../../shell/session.ts';
import names from '../learners/learners.module.css';
import { OutcomeMark } from './attempt-marks.tsx';

type Attempt = Answer<'/api/v1/attempts/{id}'>;

const STEP_ICONS = {
  started: { icon: Play, color: 'var(--gw-link)' },
  completed: { icon: CircleCheck, color: 'var(--gw-good)' },
  skipped: { icon: CircleSlash, color: 'var(--gw-muted)' },
} as const;

export function AttemptAreas({ attempt }: { attempt: Attempt }) {
  const t = useTranslations('learners.attempt');
  const kind = useTranslations('learners.weak.kind');
  if (attempt.breakdowns.length === 0) return null;
  return (
    <Section title={t('breakdowns')}>
      <TableRegion label={t('breakdowns')}>
        <Table maw={960}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th scope="col">{t('area')}</Table.Th>
              <Table.Th scope="col">{t('kind')}</Table.Th>
              {(['correct', 'partial', 'incorrect', 'unanswered', 'score'] as const).map((name) => (
                <Table.Th key={name} scope="col" ta="right">
                  {t(name)}
                </Table.Th>
              ))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {attempt.breakdowns.map((area) => (
              <Table.Tr key={`${area.kind} ${area.parent ?? ''} ${area.name}`}>
                <Table.Th scope="row" fw={400}>
                  {area.name}
                </Table.Th>
                <Table.Td>{kind(area.kind)}</Table.Td>
                {(['correct', 'partial', 'incorrect', 'unanswered', 'score'] as const).map((name) => (
                  <Table.Td key={name} ta="right">
                    <Count value={area[name]} />
                  </Table.Td>
                ))}
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </TableRegion>
    </Section>
  );
}

export function AttemptSteps({ attempt }: { attempt: Attempt }) {
  const t = useTranslations('learners.attempt');
  if (attempt.steps.length === 0) return null;
  return (
    <Section title={t('steps')}>
      <TableRegion label={t('steps')}>
        <Table maw={960}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th scope="col">{t('step')}</Table.Th>
              <Table.Th scope="col">{t('state')}</Table.Th>
              <Table.Th scope="col" ta="right">
                {t('tries')}
              </Table.Th>
              <Table.Th scope="col" ta="right">
                {t('stepTime')}
              </Table.Th>
              <Table.Th scope="col" ta="right">
                {t('stepStarted')}
              </Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {attempt.steps.map((step) => {
              const { icon: Icon, color } = STEP_ICONS[step.state];
              return (
                <Table.Tr key={step.externalId}>
                  <Table.Th scope="row" fw={400}>
                    {step.index === null ? step.externalId : `${step.index + 1}. ${step.externalId}`}
                  </Table.Th>
                  <Table.Td>
                    <span className={names.mark}>
                      <Icon size={14} aria-hidden color={color} />
                      {t(`stepState.${step.state}`)}
                    </span>
                  </Table.Td>
                  <Table.Td ta="right">
                    <Count value={step.attempts} />
                  </Table.Td>
                  <Table.Td ta="right" className={names.nowrap}>
                    <Duration seconds={secondsBetween(step.startedAt, step.completedAt)} />
                  </Table.Td>
                  <Table.Td ta="right" className={names.nowrap}>
                    <Moment at={step.startedAt} />
                  </Table.Td>
                </Table.Tr>
              );
            })}
          </Table.Tbody>
        </Table>
      </TableRegion>
    </Section>
  );
}

export function AttemptHistory({ attempt }: { attempt: Attempt }) {
  const t = useTranslations('learners.attempt');
  const figure = useTranslations('common.figure');
  const { role } = useMe();
  if (attempt.history.length === 0) return null;
  return (
    <Section title={t('history')} note={t('historyNote')}>
      <TableRegion label={t('history')}>
        <Table maw={800}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th scope="col">{t('until')}</Table.Th>
              <Table.Th scope="col" ta="right">
                {t('result')}
              </Table.Th>
              <Table.Th scope="col" ta="right">
                {t('score')}
              </Table.Th>
              <Table.Th scope="col">{t('outcome')}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {attempt.history.map((grade) => (
              <Table.Tr key={grade.receiptId}>
                <Table.Th scope="row" fw={400}>
                  {role === 'admin' ? (
                    <Link to="/receipts/$id" params={{ id: grade.receiptId }} className={names.name}>
                      <Moment at={grade.at} />
                    </Link>
                  ) : (
                    <Moment at={grade.at} />
                  )}
                </Table.Th>
                <Table.Td ta="right">
                  <Percent value={grade.percentage} />
                </Table.Td>
                <Table.Td ta="right">
                  {grade.score === null
                    ? figure('none')
                    : grade.maxScore === null
                      ? grade.score
                      : t('ofMax', { mark: grade.score, max: grade.maxScore })}
                </Table.Td>
                <Table.Td>{grade.outcome === null ? t('noOutcome') : <OutcomeMark outcome={grade.outcome} />}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </TableRegion>
    </Section>
  );
}

/** null where one of the two is not told, or the platform's times contradict each other. */
function secondsBetween(from: string | null, to: string | null): number | null {
  if (from === null || to === null) return null;
  const seconds = (Date.parse(to) - Date.parse(from)) / 1_000;
  return seconds < 0 ? null : seconds;
}
