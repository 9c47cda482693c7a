/** Removes a source, once it is clear what is lost and what stays. */
import { Button, Group, List, Stack, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useTranslations } from 'use-intl';
import { $api } from '../../api/hooks.ts';
import { refresh } from '../../api/refresh.ts';
import type { Source } from '../../api/types.ts';
import { Dialog } from '../../parts/dialog.tsx';
import { Refusal } from '../../parts/refusal.tsx';

export function RemoveSource({ source, onClose }: { source: Source; onClose(): void }) {
  const t = useTranslations('sources.remove');
  const common = useTranslations('common');
  const queries = useQueryClient();
  const navigate = useNavigate();
  const remove = $api.useMutation('delete', '/api/v1/sources/{id}');
  const platform = common(`provider.${source.provider}`);
  return (
    <Dialog onClose={onClose} title={t('title', { source: source.name })}>
      <Stack gap="md">
        <Refusal error={remove.error} />
        <div>
          <Text fw={600}>{t('lost')}</Text>
          <List>
            <List.Item>{t('lostUrl', { platform })}</List.Item>
            <List.Item>{t('lostSecrets')}</List.Item>
          </List>
        </div>
        <div>
          <Text fw={600}>{t('kept')}</Text>
          <List>
            <List.Item>{t('keptReceipts')}</List.Item>
            <List.Item>{t('keptProgress')}</List.Item>
          </List>
        </div>
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose} data-autofocus>
            {common('figure.cancel')}
          </Button>
          <Button
            color="red"
            loading={remove.isPending}
            onClick={() =>
              remove.mutate(
                { params: { path: { id: source.id } } },
                {
                  onSuccess() {
                    notifications.show({ message: t('done', { source: source.name }), color: 'green' });
                    void navigate({ to: '/sources' }).then(() => refresh(queries, '/api/v1/sources'));
                  },
                },
              )
            }
          >
            {t('submit')}
          </Button>
        </Group>
      </Stack>
    </Dialog>
  );
}
