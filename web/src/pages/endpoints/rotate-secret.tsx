/** A new signing secret; requests are signed with both for a while, so that the receiver can change it in peace. */
import { Button, Group, NativeSelect, Stack, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { useTranslations } from 'use-intl';
import { $api } from '../../api/hooks.ts';
import { refresh } from '../../api/refresh.ts';
import { Dialog } from '../../parts/dialog.tsx';
import { Refusal } from '../../parts/refusal.tsx';
import type { Endpoint } from './endpoint-draft.ts';
import { useEndpointName } from './endpoint-marks.tsx';

const OVERLAPS = [0, 3_600, 86_400, 604_800] as const;
const DAY_SECONDS = 86_400;

export function RotateSecret(props: { endpoint: Endpoint; onClose(): void; onRotated(): void }) {
  const t = useTranslations('endpoints.rotate');
  const overlapWords = useTranslations('sources.rotate');
  const common = useTranslations('common.figure');
  const queries = useQueryClient();
  const nameOf = useEndpointName();
  const { endpoint, onClose } = props;
  const [overlap, setOverlap] = useState<number>(DAY_SECONDS);
  const rotate = $api.useMutation('post', '/api/v1/endpoints/{id}/secret/rotate');

  function submit(event: FormEvent) {
    event.preventDefault();
    rotate.mutate(
      { params: { path: { id: endpoint.id } }, body: { overlapSeconds: overlap } },
      {
        onSuccess() {
          refresh(queries, '/api/v1/endpoints/{id}/secret');
          notifications.show({ message: t('done'), color: 'green' });
          props.onRotated();
          onClose();
        },
      },
    );
  }

  return (
    <Dialog onClose={onClose} title={t('title', { name: nameOf(endpoint) })}>
      <form onSubmit={submit}>
        <Stack gap="md">
          <Refusal error={rotate.error} />
          <Text size="sm">{t('how')}</Text>
          <NativeSelect
            label={t('overlap')}
            value={String(overlap)}
            onChange={(event) => setOverlap(Number(event.currentTarget.value))}
            data={OVERLAPS.map((seconds) => ({ value: String(seconds), label: overlapWords(`overlapOf.${seconds}`) }))}
          />
          {overlap === 0 && <Text size="sm">{t('atOnce')}</Text>}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {common('cancel')}
            </Button>
            <Button type="submit" loading={rotate.isPending}>
              {t('submit')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  );
}
