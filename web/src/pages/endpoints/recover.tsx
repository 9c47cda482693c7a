/** Sends again everything that failed since a time. */
import { Button, Group, Stack, Text } from '@mantine/core';
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

export function Recover({ endpoint, onClose }: { endpoint: Endpoint; onClose(): void }) {
  const t = useTranslations('endpoints.recover');
  const common = useTranslations('common.figure');
  const queries = useQueryClient();
  const nameOf = useEndpointName();
  // What fails began to fail then; otherwise the last day is what one has in mind.
  const [since, setSince] = useState(() =>
    toLocalInput(endpoint.failingSince === null ? new Date(Date.now() - DAY_MS) : new Date(endpoint.failingSince)),
  );
  const [tried, setTried] = useState(false);
  const recover = $api.useMutation('post', '/api/v1/endpoints/{id}/recover');

  function submit(event: FormEvent) {
    event.preventDefault();
    setTried(true);
    const from = fromLocalInput(since);
    if (from === null) return;
    recover.mutate(
      { params: { path: { id: endpoint.id } }, body: { since: from } },
      {
        onSuccess({ count }) {
          if (count > 0)
            rememberWork(endpoint.id, { kind: 'recover', count, before: endpoint.pending, at: Date.now() });
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
          <Refusal error={recover.error} />
          <Text size="sm">{t('how')}</Text>
          <TimeField
            label={t('since')}
            value={since}
            onChange={setSince}
            error={tried && fromLocalInput(since) === null ? t('missing') : undefined}
          />
          {recover.data?.count === 0 && (
            <Text size="sm" role="status">
              {t('none')}
            </Text>
          )}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {common('cancel')}
            </Button>
            <Button type="submit" loading={recover.isPending}>
              {t('submit')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  );
}
