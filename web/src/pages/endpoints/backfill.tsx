/** Sends events of a time that the endpoint never got. */
import { Button, Group, SimpleGrid, Stack, Text } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { useTranslations } from 'use-intl';
import { $api } from '../../api/hooks.ts';
import { refresh } from '../../api/refresh.ts';
import { Dialog } from '../../parts/dialog.tsx';
import { Refusal } from '../../parts/refusal.tsx';
import type { Endpoint } from './endpoint-draft.ts';
import { useEndpointName } from './endpoint-marks.tsx';
import { fromLocalInput, toLocalInput } from './local-input.ts';
import { TimeField } from './time-field.tsx';
import { rememberWork } from './work.ts';

const DAY_MS = 86_400_000;
/** The field has whole minutes: what came this minute belongs to it too. */
const MINUTE_MS = 60_000;

export function Backfill({ endpoint, onClose }: { endpoint: Endpoint; onClose(): void }) {
  const t = useTranslations('endpoints.backfill');
  const common = useTranslations('common.figure');
  const queries = useQueryClient();
  const nameOf = useEndpointName();
  const [from, setFrom] = useState(() => toLocalInput(new Date(Date.now() - 7 * DAY_MS)));
  const [to, setTo] = useState(() => toLocalInput(new Date(Date.now() + MINUTE_MS)));
  const [tried, setTried] = useState(false);
  const backfill = $api.useMutation('post', '/api/v1/endpoints/{id}/backfill');
  const [first, last] = [fromLocalInput(from), fromLocalInput(to)];
  const ends = first !== null && last !== null && first >= last;

  function submit(event: FormEvent) {
    event.preventDefault();
    setTried(true);
    if (first === null || last === null || ends) return;
    backfill.mutate(
      { params: { path: { id: endpoint.id } }, body: { from: first, to: last } },
      {
        onSuccess({ count }) {
          if (count > 0)
            rememberWork(endpoint.id, { kind: 'backfill', count, before: endpoint.pending, at: Date.now() });
          refresh(queries, '/api/v1/deliveries');
          refresh(queries, '/api/v1/endpoints');
          if (count > 0) onClose();
        },
      },
    );
  }

  return (
    <Dialog onClose={onClose} title={t('title', { name: nameOf(endpoint) })}>
      <form onSubmit={submit}>
        <Stack gap="md">
          <Refusal error={backfill.error} />
          <Text size="sm">{t('how')}</Text>
          <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="sm">
            <TimeField
              label={t('from')}
              value={from}
              onChange={setFrom}
              error={tried && first === null ? t('missing') : undefined}
            />
            <TimeField
              label={t('to')}
              value={to}
              onChange={setTo}
              error={tried ? (last === null ? t('missing') : ends ? t('order') : undefined) : undefined}
            />
          </SimpleGrid>
          {backfill.data?.count === 0 && (
            <Text size="sm" role="status">
              {t('none')}
            </Text>
          )}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {common('cancel')}
            </Button>
            <Button type="submit" loading={backfill.isPending}>
              {t('submit')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  );
}
