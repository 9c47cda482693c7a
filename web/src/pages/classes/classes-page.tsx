/** All classes: who is in them and how they are filled. */
import { Button, Table, Text, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { Link } from '@tanstack/react-router';
import { Plus, Search } from 'lucide-react';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { defined } from '../../api/defined.ts';
import { $api } from '../../api/hooks.ts';
import { Count, Moment } from '../../parts/figures.tsx';
import { LoadMore } from '../../parts/load-more.tsx';
import { Page } from '../../parts/page.tsx';
import { Empty, Shown } from '../../parts/states.tsx';
import { TableRegion } from '../../parts/table-region.tsx';
import { useMe } from '../../shell/session.ts';
import names from '../learners/learners.module.css';
import { ClassForm } from './class-form.tsx';
import { useRuleWords } from './rule-words.ts';

const PAUSE_MS = 200;

export function ClassesPage() {
  const t = useTranslations('classes');
  const { role } = useMe();
  const [text, setText] = useState('');
  const [search] = useDebouncedValue(text.trim(), PAUSE_MS);
  const [creating, setCreating] = useState(false);
  const query = $api.useInfiniteQuery(
    'get',
    '/api/v1/cohorts',
    { params: { query: defined({ search: search === '' ? undefined : search }) } },
    {
      pageParamName: 'cursor',
      initialPageParam: null,
      getNextPageParam: ({ nextCursor }) => nextCursor ?? undefined,
      placeholderData: (previous) => previous,
    },
  );
  const ruleWords = useRuleWords(query.data?.pages.flatMap(({ data }) => data.map(({ rule }) => rule)) ?? []);
  const create = role === 'admin' && (
    <Button leftSection={<Plus size={16} aria-hidden />} onClick={() => setCreating(true)}>
      {t('create')}
    </Button>
  );
  return (
    <Page title={t('title')} state={t('state')} actions={create}>
      <Shown query={query}>
        {({ pages }) => {
          const cohorts = pages.flatMap(({ data }) => data);
          if (cohorts.length === 0 && search === '') {
            return (
              <Empty title={t('empty')} action={create}>
                {t('emptyText')}
              </Empty>
            );
          }
          return (
            <>
              <TextInput
                type="search"
                mb="md"
                maw={340}
                aria-label={t('search')}
                placeholder={t('search')}
                leftSection={<Search size={16} aria-hidden />}
                value={text}
                onChange={(event) => setText(event.currentTarget.value)}
              />
              {cohorts.length === 0 ? (
                <Empty title={t('nothingFound', { search })}>{t('nothingFoundText')}</Empty>
              ) : (
                <>
                  <TableRegion label={t('title')}>
                    <Table>
                      <Table.Thead>
                        <Table.Tr>
                          <Table.Th scope="col">{t('name')}</Table.Th>
                          <Table.Th scope="col" ta="right">
                            {t('members')}
                          </Table.Th>
                          <Table.Th scope="col">{t('filledBy')}</Table.Th>
                          <Table.Th scope="col" ta="right">
                            {t('created')}
                          </Table.Th>
                        </Table.Tr>
                      </Table.Thead>
                      <Table.Tbody>
                        {cohorts.map((cohort) => (
                          <Table.Tr key={cohort.id}>
                            <Table.Th scope="row" fw={400}>
                              <Link to="/classes/$id" params={{ id: cohort.id }} className={names.name}>
                                {cohort.name}
                              </Link>
                              {cohort.description !== null && (
                                <Text size="sm" c="dimmed" lineClamp={1} maw={420}>
                                  {cohort.description}
                                </Text>
                              )}
                            </Table.Th>
                            <Table.Td ta="right">
                              <Count value={cohort.members} />
                            </Table.Td>
                            <Table.Td>{cohort.rule === null ? t('byHand') : ruleWords(cohort.rule)}</Table.Td>
                            <Table.Td ta="right" className={names.nowrap}>
                              <Moment at={cohort.createdAt} />
                            </Table.Td>
                          </Table.Tr>
                        ))}
                      </Table.Tbody>
                    </Table>
                  </TableRegion>
                  <LoadMore
                    query={query}
                    shown={t(query.hasNextPage ? 'shownSome' : 'shownAll', { count: cohorts.length })}
                  />
                </>
              )}
            </>
          );
        }}
      </Shown>
      <ClassForm opened={creating} cohort={null} onClose={() => setCreating(false)} />
    </Page>
  );
}
