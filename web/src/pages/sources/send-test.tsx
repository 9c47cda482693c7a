/** Sends a signed example through the real ingest URL: of an event that the platform knows. */
import { Alert, Button, Group, NativeSelect, Text } from '@mantine/core';
import { CircleCheck, FlaskConical, TriangleAlert } from 'lucide-react';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { $api } from '../../api/hooks.ts';
import type { Source } from '../../api/types.ts';
import { Refusal } from '../../parts/refusal.tsx';
import { TextLink } from '../../parts/text-link.tsx';

export function SendTest({ source }: { source: Source }) {
  const t = useTranslations('sources.test');
  const [event, setEvent] = useState('');
  const test = $api.useMutation('post', '/api/v1/sources/{id}/test');
  const answer = test.data;
  return (
    <div>
      <Group align="flex-end" gap="sm">
        <NativeSelect
          size="sm"
          label={t('event')}
          value={event}
          onChange={(change) => setEvent(change.currentTarget.value)}
          data={[{ value: '', label: t('closing') }, ...source.events.map((name) => ({ value: name, label: name }))]}
        />
        <Button
          variant="default"
          leftSection={<FlaskConical size={16} aria-hidden />}
          loading={test.isPending}
          onClick={() => test.mutate({ params: { path: { id: source.id } }, body: event === '' ? {} : { event } })}
        >
          {t('send')}
        </Button>
      </Group>
      <Text size="sm" c="dimmed" mt={4}>
        {t('help')}
      </Text>
      <div aria-live="polite">
        <Refusal error={test.error} />
        {answer !== undefined &&
          (answer.status < 300 ? (
            <Alert mt="sm" py="sm" color="green" variant="light" icon={<CircleCheck size={18} aria-hidden />}>
              {t('good', { event: answer.event, status: answer.status })}{' '}
              {answer.receiptId !== null && (
                <TextLink to="/receipts/$id" params={{ id: answer.receiptId }} size="sm" c="inherit" underline="always">
                  {t('open')}
                </TextLink>
              )}
            </Alert>
          ) : (
            <Alert mt="sm" py="sm" color="amber" variant="light" icon={<TriangleAlert size={18} aria-hidden />}>
              {t('bad', { event: answer.event, status: answer.status })} {messageOf(answer.body)}
            </Alert>
          ))}
      </div>
    </div>
  );
}

function messageOf(body: unknown): string {
  return typeof body === 'object' && body !== null && 'message' in body ? String(body.message) : '';
}
