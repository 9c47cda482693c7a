/** Who is in a class, and how they came in. */
import { Button, Table, TextInput, VisuallyHidden } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { notifications } from '@mantine/notifications';
import { useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Search } from 'lucide-react';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { defined } from '../../api/defined.ts';
import { $api } from '../../api/hooks.ts';
import type { Answer, Item } from '../../api/types.ts';
import { Moment } from '../../parts/figures.tsx';
import { LoadMore } from '../../parts/load-more.tsx';
import { Section } from '../../parts/page.tsx';
import { Refusal } from '../../parts/refusal.tsx';
import { Empty, Shown } from '../../parts/states.tsx';
import { TableRegion } from '../../parts/table-region.tsx';
import { useLearnerName, usePresenter } from '../../shell/presenter.tsx';
import { useMe } from '../../shell/session.ts';
import names from '../learners/learners.module.css';

type Cohort = Answer<'/api/v1/cohorts/{id}'>;
type Member = Item<'/api/v1/cohorts/{id}/members'>;

const PAUSE_MS = 200;

export function ClassMembers({ cohort, onAdd }: { cohort: Cohort; onAdd(): void }) {
  const t = useTranslations('classes.one');
  const figure = useTranslations('common.figure');
  const nameOf = useLearnerName();
  const { on: presenting } = usePresenter();
  const admin = useMe().role === 'admin';
  const queries = useQueryClient();
  const [text, setText] = useState('');
  const [search] = useDebouncedValue(text.trim(), PAUSE_MS);
  const query = $api.useInfiniteQuery(
    'get',
    '/api/v1/cohorts/{id}/members',
    { params: { path: { id: cohort.id }, query: defined({ search: search === '' ? undefined : search }) } },
    {
      pageParamName: 'cursor',
      initialPageParam: null,
      getNextPageParam: ({ nextCursor }) => nextCursor ?? undefined,
      placeholderData: (previous) => previous,
    },
  );
  const take = $api.useMutation('delete', '/api/v1/cohorts/{id}/members/{learnerId}');
  const remove = ({ learner, origin }: Member) =>
    take.mutate(
      { params: { path: { id: cohort.id, learnerId: learner.id } } },
      {
        onSuccess: async () => {
          const gone = t('removed', { name: nameOf(learner) });
          notifications.show({ message: origin === 'rule' ? `${gone} ${t('removedRule')}` : gone });
          await queries.invalidateQueries();
        },
      },
    );
  return (
    <Section title={t('title')}>
      {(cohort.members > 0 || search !== '') && (
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
      )}
      <Refusal error={take.error} />
      <Shown query={query}>
        {({ pages }) => {
          const members = pages.flatMap(({ data }) => data);
          if (members.length === 0) {
            return search === '' ? (
              <Empty title={t('empty')} action={admin && <Button onClick={onAdd}>{t('add')}</Button>}>
                {t('emptyText')}
              </Empty>
            ) : (
              <Empty title={t('nobodyFound', { search })}>{t('nobodyFoundText')}</Empty>
            );
          }
          return (
            <>
              <TableRegion label={t('title')}>
                <Table>
                  <Table.Thead>
                    <Table.Tr>
                      <Table.Th scope="col">{t('name')}</Table.Th>
                      <Table.Th scope="col">{t('email')}</Table.Th>
                      <Table.Th scope="col">{t('origin')}</Table.Th>
                      <Table.Th scope="col" ta="right">
                        {t('since')}
                      </Table.Th>
                      {admin && (
                        <Table.Th scope="col">
                          <VisuallyHidden>{t('remove')}</VisuallyHidden>
                        </Table.Th>
                      )}
                    </Table.Tr>
                  </Table.Thead>
                  <Table.Tbody>
                    {members.map((member) => (
                      <Table.Tr key={member.learner.id}>
                        <Table.Th scope="row" fw={400}>
                          <Link to="/learners/$id" params={{ id: member.learner.id }} className={names.name}>
                            {nameOf(member.learner)}
                          </Link>
                        </Table.Th>
                        <Table.Td>{(presenting ? null : member.learner.email) ?? figure('none')}</Table.Td>
                        <Table.Td className={names.nowrap}>{t(`origins.${member.origin}`)}</Table.Td>
                        <Table.Td ta="right" className={names.nowrap}>
                          <Moment at={member.addedAt} />
                        </Table.Td>
                        {admin && (
                          <Table.Td ta="right">
                            <Button
                              size="compact-sm"
                              variant="subtle"
                              color="gray"
                              aria-label={t('removeFor', { name: nameOf(member.learner) })}
                              onClick={() => remove(member)}
                            >
                              {t('remove')}
                            </Button>
                          </Table.Td>
                        )}
                      </Table.Tr>
                    ))}
                  </Table.Tbody>
                </Table>
              </TableRegion>
              <LoadMore
                query={query}
                shown={t(query.hasNextPage ? 'shownSome' : 'shownAll', { count: members.length })}
              />
            </>
          );
        }}
      </Shown>
    </Section>
  );
}
