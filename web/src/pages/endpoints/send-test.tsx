/** Sends an example event the very way of real ones, and watches what becomes of it. */
import { Button, Group, Stack, Text } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { FlaskConical } from 'lucide-react';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { $api } from '../../api/hooks.ts';
import { refresh } from '../../api/refresh.ts';
import { Section } from '../../parts/page.tsx';
import { Refusal } from '../../parts/refusal.tsx';
import { ExampleBody } from './body-preview.tsx';
import { DeliveryView } from './delivery-view.tsx';
import type { Endpoint } from './endpoint-draft.ts';
import { EventTypeSelect } from './event-type-select.tsx';
import type { EventType } from './event-types.ts';

export function SendTest({ endpoint }: { endpoint: Endpoint }) {
  const t = useTranslations('endpoints.test');
  const queries = useQueryClient();
  const [type, setType] = useState<EventType>(endpoint.eventTypes[0] ?? 'attempt.completed');
  const send = $api.useMutation('post', '/api/v1/endpoints/{id}/test');
  const sent = send.data?.deliveryId;
  return (
    <Stack gap="lg" maw={860}>
      <div>
        <Group align="flex-end" gap="sm">
          <EventTypeSelect label={t('type')} value={type} onChange={setType} />
          <Button
            leftSection={<FlaskConical size={16} aria-hidden />}
            loading={send.isPending}
            disabled={!endpoint.enabled}
            onClick={() =>
              send.mutate(
                { params: { path: { id: endpoint.id } }, body: { eventType: type } },
                { onSuccess: () => refresh(queries, '/api/v1/deliveries') },
              )
            }
          >
            {t('send')}
          </Button>
        </Group>
        <Text size="sm" c="dimmed" mt={4}>
          {t(endpoint.enabled ? 'help' : 'disabled')}
        </Text>
        <Refusal error={send.error} />
      </div>
      {sent !== undefined && (
        <Section title={t('result')}>
          <div aria-live="polite">
            <DeliveryView key={sent} id={sent} />
          </div>
        </Section>
      )}
      <Section title={t('body')}>
        <ExampleBody asked="" type={type} endpoint={endpoint.id} />
      </Section>
    </Stack>
  );
}
