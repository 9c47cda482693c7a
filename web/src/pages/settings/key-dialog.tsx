/** Makes an API key and shows it, once. */
import { Alert, Button, Group, NativeSelect, Stack, Text, TextInput } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { TriangleAlert } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import { useTranslations } from 'use-intl';
import { $api } from '../../api/hooks.ts';
import { refresh } from '../../api/refresh.ts';
import { Copyable } from '../../parts/copy.tsx';
import { Dialog } from '../../parts/dialog.tsx';
import { Refusal } from '../../parts/refusal.tsx';
import { type Limits, limitsBody, limitsComplete } from './limits.ts';
import { LimitsFields } from './limits-fields.tsx';

const ROLES = ['integration', 'instructor', 'admin', 'learner'] as const;
/** Days a key holds; 0: until it is removed. */
const ENDS = [30, 90, 365, 0] as const;
const DAY_MS = 86_400_000;

export function KeyDialog({ onClose }: { onClose(): void }) {
  const t = useTranslations('settings');
  const common = useTranslations('common.figure');
  const queries = useQueryClient();
  const [name, setName] = useState('');
  const [days, setDays] = useState<number>(365);
  const [limits, setLimits] = useState<Limits<(typeof ROLES)[number]>>({
    role: 'integration',
    learner: null,
    cohorts: null,
  });
  const [tried, setTried] = useState(false);
  const make = $api.useMutation('post', '/api/v1/keys');

  function submit(event: FormEvent) {
    event.preventDefault();
    setTried(true);
    if (name.trim() === '' || !limitsComplete(limits)) return;
    make.mutate(
      {
        body: {
          name: name.trim(),
          ...limitsBody(limits),
          ...(days === 0 ? {} : { expiresAt: new Date(Date.now() + days * DAY_MS).toISOString() }),
        },
      },
      { onSuccess: () => refresh(queries, '/api/v1/keys') },
    );
  }

  const made = make.data;
  return (
    // A click beside it must not lose a key that is shown only once.
    <Dialog
      onClose={onClose}
      closeOnClickOutside={made === undefined}
      title={t(made === undefined ? 'keys.make' : 'keys.made')}
      size="lg"
    >
      {made === undefined ? (
        <form onSubmit={submit} noValidate>
          <Stack gap="md">
            <Refusal error={make.error} />
            <TextInput
              label={t('keys.name')}
              description={t('keys.nameHint')}
              data-autofocus
              value={name}
              onChange={(event) => setName(event.currentTarget.value)}
              error={tried && name.trim() === '' ? t('keys.nameMissing') : undefined}
            />
            <LimitsFields roles={ROLES} value={limits} onChange={setLimits} tried={tried} />
            <NativeSelect
              label={t('keys.holds')}
              value={String(days)}
              onChange={(event) => setDays(Number(event.currentTarget.value))}
              data={ENDS.map((end) => ({
                value: String(end),
                label: end === 0 ? t('keys.noEnd') : t('keys.days', { days: end }),
              }))}
            />
            <Group justify="flex-end">
              <Button variant="default" onClick={onClose}>
                {common('cancel')}
              </Button>
              <Button type="submit" loading={make.isPending}>
                {t('keys.make')}
              </Button>
            </Group>
          </Stack>
        </form>
      ) : (
        <Stack gap="md">
          <Alert color="amber" variant="light" py="sm" icon={<TriangleAlert size={18} aria-hidden />} role="status">
            {t('keys.once')}
          </Alert>
          <Copyable text={made.key} label={t('keys.key')} />
          <Text size="sm" c="dimmed">
            {t('keys.use')}
          </Text>
          <Text size="sm" className="gw-mono">
            Authorization: Bearer {made.hint}…
          </Text>
          <Group justify="flex-end">
            <Button onClick={onClose}>{common('close')}</Button>
          </Group>
        </Stack>
      )}
    </Dialog>
  );
}
