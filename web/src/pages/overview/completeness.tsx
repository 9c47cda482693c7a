/** What is missing from the figures above: attempts without an end, gaps, sources that have gone silent. */
import { Button, Table, Text, Tooltip } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { CircleCheck, TriangleAlert } from 'lucide-react';
import { useTranslations } from 'use-intl';
import type { Answer } from '../../api/types.ts';
import { Moment } from '../../parts/figures.tsx';
import { Section } from '../../parts/page.tsx';
import { Empty } from '../../parts/states.tsx';
import { TableRegion } from '../../parts/table-region.tsx';
import { useMe } from '../../shell/session.ts';
import classes from './overview.module.css';

export function Completeness(props: { completeness: Answer<'/api/v1/overview'>['completeness'] }) {
  const t = useTranslations('overview.complete');
  const { role } = useMe();
  const { startedWithoutEnd, stepGaps, sources } = props.completeness;
  return (
    <Section title={t('title')}>
      <ul className={classes.list}>
        <li>{t('withoutEnd', { count: startedWithoutEnd })}</li>
        <li>{t('gaps', { count: stepGaps })}</li>
      </ul>
      {sources.length === 0 ? (
        role === 'admin' && (
          <Empty
            title={t('noSources')}
            action={<Button renderRoot={(root) => <Link to="/sources/new" {...root} />}>{t('add')}</Button>}
          >
            {t('noSourcesText')}
          </Empty>
        )
      ) : (
        <TableRegion label={t('title')}>
          <Table maw={760}>
            <Table.Thead>
              <Table.Tr>
                <Table.Th scope="col">{t('source')}</Table.Th>
                <Table.Th scope="col" ta="right">
                  {t('last')}
                </Table.Th>
                <Table.Th scope="col">{t('health')}</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {sources.map((source) => (
                <Table.Tr key={source.id}>
                  <Table.Th scope="row" fw={500}>
                    {role === 'admin' ? (
                      <Link to="/sources/$id" params={{ id: source.id }}>
                        {source.name}
                      </Link>
                    ) : (
                      source.name
                    )}
                  </Table.Th>
                  <Table.Td ta="right">
                    {source.lastReceiptAt === null ? t('never') : <Moment at={source.lastReceiptAt} relative />}
                  </Table.Td>
                  <Table.Td>
                    <SourceHealth silent={source.silent} />
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

function SourceHealth({ silent }: { silent: boolean }) {
  const t = useTranslations('overview.complete');
  if (!silent) {
    return (
      <span className={classes.word}>
        <CircleCheck size={14} aria-hidden color="var(--gw-good)" />
        {t('fine')}
      </span>
    );
  }
  return (
    <Tooltip label={t('silentHelp')}>
      <Text component="span" size="sm" className={classes.word} tabIndex={0}>
        <TriangleAlert size={14} aria-hidden color="var(--gw-attention)" />
        {t('silent')}
      </Text>
    </Tooltip>
  );
}
