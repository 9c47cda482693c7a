/** Second step of an import: which column is what, with the first rows as they would be read. */
import { Alert, Button, Group, NativeSelect, Table, Text, TextInput } from '@mantine/core';
import { useTranslations } from 'use-intl';
import { $api } from '../../api/hooks.ts';
import { TableRegion } from '../../parts/table-region.tsx';
import classes from './import.module.css';
import { ROSTER_FIELDS, type RosterField, type RosterMapping, type RosterTable, rosterRows } from './roster-file.ts';

const SHOWN_ROWS = 5;

export function ImportColumns(props: {
  table: RosterTable;
  mapping: RosterMapping;
  fixed: { source?: string; cohort?: string };
  onMapping(mapping: RosterMapping): void;
  onFixed(fixed: { source?: string; cohort?: string }): void;
  busy: boolean;
  onBack(): void;
  onNext(): void;
}) {
  const t = useTranslations('learners.import.columns');
  const figure = useTranslations('common.figure');
  const { table, mapping, fixed } = props;
  const sources = $api.useQuery('get', '/api/v1/sources', { params: { query: { limit: 200 } } });
  const fieldOf = (column: number) => ROSTER_FIELDS.find((field) => mapping[field] === column) ?? '';
  const choose = (column: number, field: RosterField | '') => {
    const next = { ...mapping };
    for (const one of ROSTER_FIELDS) if (next[one] === column || one === field) next[one] = null;
    if (field !== '') next[field] = column;
    props.onMapping(next);
  };
  const usable = mapping.email !== null || mapping.externalId !== null;
  const sourceMissing = mapping.externalId !== null && mapping.source === null && mapping.provider === null;
  const sample = rosterRows({ ...table, rows: table.rows.slice(0, SHOWN_ROWS) }, mapping, fixed);
  return (
    <>
      <Text mb="md">{t('what', { rows: table.rows.length, columns: table.header.length })}</Text>
      <TableRegion label={t('table')}>
        <Table>
          <Table.Thead>
            <Table.Tr>
              {table.header.map((head, column) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: two columns may have the same heading.
                <Table.Th key={column} scope="col" className={classes.column}>
                  <NativeSelect
                    size="xs"
                    label={head === '' ? t('column', { number: column + 1 }) : head}
                    value={fieldOf(column)}
                    onChange={(event) =>
                      choose(column, ROSTER_FIELDS.find((field) => field === event.currentTarget.value) ?? '')
                    }
                    data={[
                      { value: '', label: t('ignore') },
                      ...ROSTER_FIELDS.map((field) => ({ value: field, label: t(`field.${field}`) })),
                    ]}
                  />
                </Table.Th>
              ))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {table.rows.slice(0, SHOWN_ROWS).map((cells, row) => (
              <Table.Tr key={table.lines[row]}>
                {table.header.map((_, column) => (
                  // biome-ignore lint/suspicious/noArrayIndexKey: columns do not move.
                  <Table.Td key={column} data-left-out={fieldOf(column) === ''} className={classes.cell}>
                    {cells[column] ?? ''}
                  </Table.Td>
                ))}
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </TableRegion>
      <Group mt="md" align="flex-end" gap="md">
        {sourceMissing && (
          <NativeSelect
            label={t('whoseIds')}
            description={t('whoseIdsHelp')}
            value={fixed.source ?? ''}
            onChange={(event) => {
              const { source: _, ...rest } = fixed;
              props.onFixed(event.currentTarget.value === '' ? rest : { ...rest, source: event.currentTarget.value });
            }}
            data={[
              { value: '', label: t('chooseSource') },
              ...(sources.data?.data ?? []).map(({ id, name, slug }) => ({ value: id, label: name ?? slug })),
            ]}
          />
        )}
        {mapping.cohort === null && (
          <TextInput
            label={t('intoClass')}
            description={t('intoClassHelp')}
            value={fixed.cohort ?? ''}
            onChange={(event) => {
              const { cohort: _, ...rest } = fixed;
              const name = event.currentTarget.value;
              props.onFixed(name.trim() === '' ? rest : { ...rest, cohort: name });
            }}
          />
        )}
      </Group>
      {sample[0] !== undefined && (
        <Text mt="md" size="sm">
          {t('reads', {
            name: sample[0].name ?? figure('none'),
            email: sample[0].email ?? figure('none'),
            id: sample[0].externalId ?? figure('none'),
            cohort: sample[0].cohort ?? figure('none'),
          })}
        </Text>
      )}
      {!usable && (
        <Alert color="amber" mt="md" role="status">
          {t('needsOne')}
        </Alert>
      )}
      <Group mt="lg">
        <Button variant="default" onClick={props.onBack}>
          {figure('back')}
        </Button>
        <Button onClick={props.onNext} disabled={!usable} loading={props.busy}>
          {t('check')}
        </Button>
      </Group>
    </>
  );
}
