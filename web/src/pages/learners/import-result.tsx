/** What an import would do, or did: counts, the rows that cannot be read and why, and the first rows one by one. */
import { Button, Group, List, Table, Text } from '@mantine/core';
import { CircleCheck, CircleX, Equal, Pencil, UserPlus } from 'lucide-react';
import { useTranslations } from 'use-intl';
import type { Answer } from '../../api/types.ts';
import { ButtonLink } from '../../parts/button-link.tsx';
import { FigureList, FigureTile } from '../../parts/figure-list.tsx';
import { Count } from '../../parts/figures.tsx';
import { TableRegion } from '../../parts/table-region.tsx';
import classes from './learners.module.css';

type Result = Answer<'/api/v1/learners/import', 'post'>;

const MOST_ERRORS = 100;
const ACTIONS = {
  create: { icon: UserPlus, color: 'var(--gw-good)' },
  update: { icon: Pencil, color: 'var(--gw-link)' },
  unchanged: { icon: Equal, color: 'var(--gw-muted)' },
  error: { icon: CircleX, color: 'var(--gw-failure)' },
} as const;

export function ImportResult(props: {
  result: Result;
  /** Lines of the rows in the file. */
  lines: readonly number[];
  done: boolean;
  busy: boolean;
  onBack(): void;
  onImport?(): void;
}) {
  const t = useTranslations('learners.import.result');
  const figure = useTranslations('common.figure');
  const provider = useTranslations('common.provider');
  const { result, done } = props;
  const lineOf = (row: number) => props.lines[row - 1] ?? row;
  const changes = result.created + result.updated;
  return (
    <>
      {done && (
        <Group gap="sm" mb="md" role="status">
          <CircleCheck size={18} aria-hidden color="var(--gw-good)" />
          <Text>{t('done', { count: changes })}</Text>
        </Group>
      )}
      <FigureList>
        <FigureTile label={t(done ? 'created' : 'toCreate')}>
          <Count value={result.created} />
        </FigureTile>
        <FigureTile label={t(done ? 'updated' : 'toUpdate')}>
          <Count value={result.updated} />
        </FigureTile>
        <FigureTile label={t('unchanged')}>
          <Count value={result.unchanged} />
        </FigureTile>
        <FigureTile label={t('errors')}>
          <Count value={result.errors.length} />
        </FigureTile>
      </FigureList>
      {result.cohortsCreated.length > 0 && (
        <Text mb="md">
          {t(done ? 'classesMade' : 'classesToMake', {
            names: result.cohortsCreated.join(', '),
            count: result.cohortsCreated.length,
          })}
        </Text>
      )}
      {result.errors.length > 0 && (
        <>
          <h3>{t('errorsTitle')}</h3>
          <List mb="md">
            {result.errors.slice(0, MOST_ERRORS).map(({ row, message }) => (
              <List.Item key={`${row} ${message}`}>{t('line', { line: lineOf(row), message })}</List.Item>
            ))}
          </List>
          {result.errors.length > MOST_ERRORS && (
            <Text c="dimmed">{t('moreErrors', { count: result.errors.length - MOST_ERRORS })}</Text>
          )}
        </>
      )}
      <TableRegion label={t('preview', { count: result.preview.length })} maxHeight={420}>
        <Table stickyHeader>
          <Table.Thead>
            <Table.Tr>
              <Table.Th scope="col" ta="right">
                {t('lineHead')}
              </Table.Th>
              <Table.Th scope="col">{t('action')}</Table.Th>
              <Table.Th scope="col">{t('name')}</Table.Th>
              <Table.Th scope="col">{t('email')}</Table.Th>
              <Table.Th scope="col">{t('externalId')}</Table.Th>
              <Table.Th scope="col">{t('class')}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {result.preview.map((row) => {
              const { icon: Icon, color } = ACTIONS[row.action];
              return (
                <Table.Tr key={row.row}>
                  <Table.Td ta="right">{lineOf(row.row)}</Table.Td>
                  <Table.Td>
                    <span className={classes.mark}>
                      <Icon size={14} aria-hidden color={color} />
                      {t(`actions.${row.action}`)}
                    </span>
                  </Table.Td>
                  <Table.Td>{row.name ?? figure('none')}</Table.Td>
                  <Table.Td>{row.email ?? figure('none')}</Table.Td>
                  <Table.Td>
                    {row.externalId ?? figure('none')}
                    {row.provider !== null && row.externalId !== null && ` (${provider(row.provider)})`}
                  </Table.Td>
                  <Table.Td>{row.cohort ?? figure('none')}</Table.Td>
                </Table.Tr>
              );
            })}
          </Table.Tbody>
        </Table>
      </TableRegion>
      <Text size="sm" c="dimmed" mt="xs">
        {t('preview', { count: result.preview.length })}
      </Text>
      <Group mt="lg">
        <Button variant="default" onClick={props.onBack}>
          {done ? t('another') : figure('back')}
        </Button>
        {props.onImport !== undefined && (
          <Button onClick={props.onImport} loading={props.busy} disabled={changes === 0}>
            {t('import', { count: changes })}
          </Button>
        )}
        {done && <ButtonLink to="/learners">{t('toLearners')}</ButtonLink>}
      </Group>
      {!done && changes === 0 && (
        <Text mt="sm" size="sm" c="dimmed">
          {t('nothingToDo')}
        </Text>
      )}
    </>
  );
}
