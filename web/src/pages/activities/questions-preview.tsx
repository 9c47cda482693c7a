/** The lines of a file as they would be saved, those with problems first. */
import { Table, Text } from '@mantine/core';
import { CircleAlert, CircleCheck, CircleHelp } from 'lucide-react';
import { useTranslations } from 'use-intl';
import { TableRegion } from '../../parts/table-region.tsx';
import classes from './activities.module.css';
import type { ActivityItem } from './item-sort.ts';
import type { FileLine } from './items-file.ts';

const SHOWN = 50;

export function QuestionsPreview(props: { lines: readonly FileLine[]; known: readonly ActivityItem[] }) {
  const t = useTranslations('activities.csv');
  const none = useTranslations('common.figure')('none');
  const known = new Set(props.known.map((item) => item.questionId));
  const shown = [...props.lines]
    .sort((a, b) => Number(b.problem !== null) - Number(a.problem !== null) || a.line - b.line)
    .slice(0, SHOWN);
  return (
    <div>
      <Text fw={600} mb="xs">
        {t('preview')}
      </Text>
      <TableRegion label={t('preview')} maxHeight={320}>
        <Table stickyHeader>
          <Table.Thead>
            <Table.Tr>
              <Table.Th scope="col" ta="right">
                {t('line')}
              </Table.Th>
              <Table.Th scope="col">{t('state')}</Table.Th>
              <Table.Th scope="col">{t('question')}</Table.Th>
              <Table.Th scope="col">{t('text')}</Table.Th>
              <Table.Th scope="col">{t('choice')}</Table.Th>
              <Table.Th scope="col">{t('correct')}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {shown.map((line) => (
              <Table.Tr key={line.line}>
                <Table.Th scope="row" ta="right" fw={400}>
                  {line.line}
                </Table.Th>
                <Table.Td>
                  <LineState line={line} known={known.has(line.questionId)} />
                </Table.Td>
                <Table.Td className="gw-mono">{line.questionId}</Table.Td>
                <Table.Td>{line.text}</Table.Td>
                <Table.Td>{line.answerText === '' ? line.answerId : line.answerText}</Table.Td>
                <Table.Td>{line.correct === null ? none : t(line.correct ? 'yes' : 'no')}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </TableRegion>
      {props.lines.length > SHOWN && (
        <Text size="sm" c="dimmed">
          {t('first', { shown: SHOWN, count: props.lines.length })}
        </Text>
      )}
    </div>
  );
}

function LineState({ line, known }: { line: FileLine; known: boolean }) {
  const t = useTranslations('activities.csv');
  if (line.problem !== null) {
    return (
      <span className={classes.problem}>
        <CircleAlert size={14} aria-hidden color="var(--gw-failure)" />
        {t(`problem.${line.problem.name}`, { value: line.problem.value })}
      </span>
    );
  }
  return (
    <span className={classes.word}>
      {known ? (
        <CircleCheck size={14} aria-hidden color="var(--gw-good)" />
      ) : (
        <CircleHelp size={14} aria-hidden color="var(--gw-muted)" />
      )}
      {t(known ? 'good' : 'unknown')}
    </span>
  );
}
