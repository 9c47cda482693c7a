/** Invites somebody: the link is shown once, and mailed where the server sends mail. */
import { Alert, Button, Group, Stack, Text, TextInput } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { MailCheck, MailX } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import { useFormatter, useTranslations } from 'use-intl';
import { $api } from '../../api/hooks.ts';
import { refresh } from '../../api/refresh.ts';
import { Copyable } from '../../parts/copy.tsx';
import { Dialog } from '../../parts/dialog.tsx';
import { Refusal } from '../../parts/refusal.tsx';
import { useMe } from '../../shell/session.ts';
import { type Limits, limitsBody, limitsComplete } from './limits.ts';
import { LimitsFields } from './limits-fields.tsx';

const ROLES = ['instructor', 'admin', 'learner'] as const;

export function InviteDialog({ onClose }: { onClose(): void }) {
  const t = useTranslations('settings');
  const common = useTranslations('common.figure');
  const format = useFormatter();
  const me = useMe();
  const queries = useQueryClient();
  const [email, setEmail] = useState('');
  const [limits, setLimits] = useState<Limits<(typeof ROLES)[number]>>({
    role: 'instructor',
    learner: null,
    cohorts: null,
  });
  const [tried, setTried] = useState(false);
  const invite = $api.useMutation('post', '/api/v1/members/invitations');
  const emailWrong = !/^[^\s@]+@[^\s@]+$/.test(email.trim());

  function submit(event: FormEvent) {
    event.preventDefault();
    setTried(true);
    if (emailWrong || !limitsComplete(limits)) return;
    invite.mutate(
      { body: { email: email.trim(), ...limitsBody(limits) } },
      { onSuccess: () => refresh(queries, '/api/v1/members') },
    );
  }

  const made = invite.data;
  return (
    <Dialog onClose={onClose} title={made === undefined ? t('invite.title') : t('invite.made')} size="lg">
      {made === undefined ? (
        <form onSubmit={submit} noValidate>
          <Stack gap="md">
            <Refusal error={invite.error} />
            <TextInput
              label={t('invitations.email')}
              type="email"
              autoComplete="off"
              data-autofocus
              value={email}
              onChange={(event) => setEmail(event.currentTarget.value)}
              error={tried && emailWrong ? t('invite.emailWrong') : undefined}
            />
            <LimitsFields roles={ROLES} value={limits} onChange={setLimits} tried={tried} />
            <Text size="sm" c="dimmed">
              {t(me.mail ? 'invite.willMail' : 'invite.noMail')}
            </Text>
            <Group justify="flex-end">
              <Button variant="default" onClick={onClose}>
                {common('cancel')}
              </Button>
              <Button type="submit" loading={invite.isPending}>
                {t('invite.submit')}
              </Button>
            </Group>
          </Stack>
        </form>
      ) : (
        <Stack gap="md">
          <Alert
            color={made.mailed ? 'green' : 'gray'}
            variant="light"
            py="sm"
            role="status"
            icon={made.mailed ? <MailCheck size={18} aria-hidden /> : <MailX size={18} aria-hidden />}
          >
            {made.mailed
              ? t('invite.mailed', { email: made.email })
              : t(me.mail ? 'invite.mailFailed' : 'invite.handOver', { email: made.email })}
          </Alert>
          <div>
            <Text size="sm" fw={600}>
              {t('invite.link')}
            </Text>
            <Copyable text={made.url} label={t('invite.link')} />
          </div>
          <Text size="sm" c="dimmed">
            {t('invite.once', {
              until: format.dateTime(new Date(made.expiresAt), { dateStyle: 'medium', timeStyle: 'short' }),
            })}
          </Text>
          <Group justify="flex-end">
            <Button onClick={onClose}>{common('close')}</Button>
          </Group>
        </Stack>
      )}
    </Dialog>
  );
}
