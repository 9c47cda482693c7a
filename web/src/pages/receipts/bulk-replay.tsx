/** Reads all webhooks of the filter again: first says how many, then shows how far it is. */
import { Button, Group, Progress, Stack, Text } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { useFormatter, useTranslations } from 'use-intl';
import { api, unwrap } from '../../api/client.ts';
import { Dialog } from '../../parts/dialog.tsx';
import { Refusal } from '../../parts/refusal.tsx';
import { Loading } from '../../parts/states.tsx';
import type { ReceiptStatus } from './receipt-search.ts';

/** How often one looks how many still wait. */
const LOOK_MS = 1_000;

export interface ReplayFilter {
  source?: string;
  status?: ReceiptStatus;
  from?: string;
}

/** `words`: the filter in a sentence's end: "from quizapi, failed, of the last 24 hours". */
export function BulkReplay(props: { filter: ReplayFilter; words: string; onClose(): void }) {
  const t = useTranslations('sources.replay');
  const common = useTranslations('common.figure');
  const format = useFormatter();
  const queries = useQueryClient();
  const { filter } = props;
  const [total, setTotal] = useState<number | null>(null);
  const [failure, setFailure] = useState<unknown>(null);
  const [starting, setStarting] = useState(false);
  const fitting = useQuery({
    queryKey: ['replay', 'fitting', filter],
    queryFn: () => unwrap(api.POST('/api/v1/receipts/replay', { body: { ...filter, dryRun: true } })),
    staleTime: 0,
    gcTime: 0,
    refetchOnWindowFocus: false,
  });
  const waiting = useQuery({
    queryKey: ['replay', 'waiting', filter],
    queryFn: () =>
      unwrap(api.POST('/api/v1/receipts/replay', { body: { ...filter, status: 'pending', dryRun: true } })),
    enabled: total !== null,
    refetchInterval: ({ state }) => (state.data?.count === 0 ? false : LOOK_MS),
    staleTime: 0,
    gcTime: 0,
  });
  const left = waiting.data?.count;
  const done = left === 0;
  useEffect(() => {
    if (!done) return;
    void queries.invalidateQueries({ predicate: ({ queryKey: [, path] }) => path === '/api/v1/receipts' });
  }, [done, queries]);

  async function start() {
    setStarting(true);
    setFailure(null);
    try {
      const { count } = await unwrap(api.POST('/api/v1/receipts/replay', { body: filter }));
      setTotal(count);
    } catch (error) {
      setFailure(error);
    } finally {
      setStarting(false);
    }
  }

  const count = fitting.data?.count ?? 0;
  const shown = fitting.data?.more === true ? t('moreThan', { count }) : format.number(count);
  return (
    <Dialog onClose={props.onClose} title={t('title')}>
      <Stack gap="md">
        <Refusal error={failure ?? fitting.error} />
        {total !== null ? (
          <>
            <Progress
              value={total === 0 || done ? 100 : (100 * (total - Math.min(total, left ?? total))) / total}
              aria-label={t('progress')}
            />
            <Text role="status">
              {done
                ? t('done', { count: total })
                : t('left', { left: format.number(left ?? total), total: format.number(total) })}
            </Text>
            {!done && (
              <Text size="sm" c="dimmed">
                {t('goesOn')}
              </Text>
            )}
            <Group justify="flex-end">
              <Button onClick={props.onClose}>{common('close')}</Button>
            </Group>
          </>
        ) : fitting.data === undefined && fitting.error === null ? (
          <Loading lines={2} />
        ) : (
          <>
            {fitting.data !== undefined && (
              <Text>
                {count === 0 ? t('none', { which: props.words }) : t('ask', { count, shown, which: props.words })}
              </Text>
            )}
            <Text size="sm" c="dimmed">
              {t('harmless')}
            </Text>
            <Group justify="flex-end">
              <Button variant="default" onClick={props.onClose}>
                {common('cancel')}
              </Button>
              <Button disabled={count === 0} loading={starting} onClick={() => void start()}>
                {t('submit', { count })}
              </Button>
            </Group>
          </>
        )}
      </Stack>
    </Dialog>
  );
}
