/** Pairs that are likely one person, side by side with the evidence; somebody decides. */
import { Badge, Button, Group, Modal, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { $api } from '../../api/hooks.ts';
import type { Item } from '../../api/types.ts';
import { ButtonLink } from '../../parts/button-link.tsx';
import { LoadMore } from '../../parts/load-more.tsx';
import { Page } from '../../parts/page.tsx';
import { Refusal } from '../../parts/refusal.tsx';
import { Empty, Shown } from '../../parts/states.tsx';
import { useLearnerName, usePresenter } from '../../shell/presenter.tsx';
import classes from './learners.module.css';
import { MergeChoice } from './merge-choice.tsx';

type Person = Item<'/api/v1/learners/suggestions'>['learners'][number];
/** Pages of a query forget that the two are a pair. */
type Suggestion = Omit<Item<'/api/v1/learners/suggestions'>, 'learners'> & { learners: Person[] };

/** Each pair is read closely: few at a time. */
const PAGE = 20;

export function SuggestionsPage() {
  const t = useTranslations('learners.suggestions');
  const merging = useTranslations('learners.merge');
  const [merged, setMerged] = useState<Suggestion | null>(null);
  const [a, b] = merged?.learners ?? [];
  const query = $api.useInfiniteQuery(
    'get',
    '/api/v1/learners/suggestions',
    { params: { query: { limit: PAGE } } },
    {
      pageParamName: 'cursor',
      initialPageParam: null,
      getNextPageParam: ({ nextCursor }) => nextCursor ?? undefined,
    },
  );
  return (
    <Page title={t('title')} state={t('state')}>
      <Shown query={query}>
        {({ pages }) => {
          const pairs = pages.flatMap(({ data }) => data);
          if (pairs.length === 0) {
            return (
              <Empty
                title={t('empty')}
                action={
                  <ButtonLink to="/learners" variant="default">
                    {t('toLearners')}
                  </ButtonLink>
                }
              >
                {t('emptyText')}
              </Empty>
            );
          }
          return (
            <>
              {pairs.map((pair) => (
                <Pair key={pair.id} pair={pair} onMerge={() => setMerged(pair)} />
              ))}
              <LoadMore
                query={query}
                shown={t(query.hasNextPage ? 'shownSome' : 'shownAll', { count: pairs.length })}
              />
            </>
          );
        }}
      </Shown>
      <Modal opened={merged !== null} onClose={() => setMerged(null)} title={merging('title')} size="lg">
        {a !== undefined && b !== undefined && (
          <MergeChoice pair={[a, b]} onCancel={() => setMerged(null)} onMerged={() => setMerged(null)} />
        )}
      </Modal>
    </Page>
  );
}

function Pair({ pair, onMerge }: { pair: Suggestion; onMerge(): void }) {
  const t = useTranslations('learners.suggestions');
  const nameOf = useLearnerName();
  const { on: presenting } = usePresenter();
  const queries = useQueryClient();
  const dismiss = $api.useMutation('post', '/api/v1/learners/suggestions/{id}/dismiss');
  const [a, b] = pair.learners;
  if (a === undefined || b === undefined) return null;
  const names = { a: nameOf(a), b: nameOf(b) };
  const likely = pair.score >= 0.85 ? 'high' : pair.score >= 0.5 ? 'middle' : 'low';
  return (
    <article className={classes.suggestion} aria-label={t('pair', names)}>
      <Group gap="sm" mb="sm">
        <Badge variant="outline" color={likely === 'low' ? 'gray' : 'teal'} size="sm">
          {t(`likely.${likely}`)}
        </Badge>
        {pair.evidence.map((evidence) => (
          <Text key={`${evidence.kind} ${evidence.value}`} size="sm">
            {presenting
              ? t(`evidenceHidden.${evidence.kind}`)
              : t.rich(`evidence.${evidence.kind}`, {
                  value: evidence.value,
                  same: (inner) => <span className={classes.same}>{inner}</span>,
                })}
          </Text>
        ))}
        {pair.evidence.every(({ kind }) => kind === 'name') && (
          <Text size="sm" c="dimmed">
            {t('nameOnly')}
          </Text>
        )}
      </Group>
      <div className={classes.pair}>
        <PersonFacts person={a} />
        <PersonFacts person={b} />
      </div>
      <Group mt="md" gap="sm">
        <Button size="xs" variant="default" onClick={onMerge} aria-label={t('mergeFor', names)}>
          {t('merge')}
        </Button>
        <Button
          size="xs"
          variant="subtle"
          color="gray"
          loading={dismiss.isPending}
          aria-label={t('dismissFor', names)}
          onClick={() =>
            dismiss.mutate(
              { params: { path: { id: pair.id } } },
              {
                onSuccess: async () => {
                  notifications.show({ message: t('dismissed', names) });
                  await queries.invalidateQueries({ queryKey: ['get', '/api/v1/learners/suggestions'] });
                },
              },
            )
          }
        >
          {t('dismiss')}
        </Button>
      </Group>
      <Refusal error={dismiss.error} />
    </article>
  );
}

function PersonFacts({ person }: { person: Person }) {
  const t = useTranslations('learners.suggestions');
  const provider = useTranslations('common.provider');
  const figure = useTranslations('common.figure');
  const nameOf = useLearnerName();
  const { on: presenting } = usePresenter();
  return (
    <div>
      <Link to="/learners/$id" params={{ id: person.id }} className={classes.name}>
        {nameOf(person)}
      </Link>
      <dl className={classes.facts}>
        <dt>{t('email')}</dt>
        <dd>{presenting ? figure('none') : (person.email ?? t('noEmail'))}</dd>
        <dt>{t('ids')}</dt>
        <dd>
          {person.identities
            .map((one) => (presenting ? provider(one.provider) : `${provider(one.provider)} ${one.externalId}`))
            .join(', ') || figure('none')}
        </dd>
      </dl>
    </div>
  );
}
