/** Disables and enables an endpoint. */
import { Button, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { notifications } from '@mantine/notifications';
import { useQueryClient } from '@tanstack/react-query';
import { Pause, Play } from 'lucide-react';
import { useTranslations } from 'use-intl';
import { $api } from '../../api/hooks.ts';
import { refresh } from '../../api/refresh.ts';
import { Confirm } from '../../parts/confirm.tsx';
import type { Endpoint } from './endpoint-draft.ts';
import { useEndpointName } from './endpoint-marks.tsx';

export function Switched({ endpoint }: { endpoint: Endpoint }) {
  const t = useTranslations('endpoints.switch');
  const queries = useQueryClient();
  const nameOf = useEndpointName();
  const [asking, ask] = useDisclosure(false);
  const enable = $api.useMutation('post', '/api/v1/endpoints/{id}/enable');
  const disable = $api.useMutation('post', '/api/v1/endpoints/{id}/disable');
  const name = nameOf(endpoint);
  const params = { params: { path: { id: endpoint.id } } };

  function done(message: string) {
    refresh(queries, '/api/v1/endpoints');
    notifications.show({ message, color: 'green' });
  }

  if (!endpoint.enabled) {
    return (
      <Button
        leftSection={<Play size={16} aria-hidden />}
        loading={enable.isPending}
        onClick={() =>
          enable.mutate(params, {
            onSuccess: () => done(t('enabled', { name })),
            onError: (error) => notifications.show({ message: String(error), color: 'red' }),
          })
        }
      >
        {t('enable')}
      </Button>
    );
  }
  return (
    <>
      <Button variant="default" leftSection={<Pause size={16} aria-hidden />} onClick={ask.open}>
        {t('disable')}
      </Button>
      {asking && (
        <Confirm
          title={t('title', { name })}
          submit={t('disable')}
          busy={disable.isPending}
          error={disable.error}
          onConfirm={() =>
            disable.mutate(params, {
              onSuccess() {
                done(t('disabled', { name }));
                ask.close();
              },
            })
          }
          onClose={ask.close}
        >
          <Text>{t('text')}</Text>
        </Confirm>
      )}
    </>
  );
}
