/** What "unverified" means, and the button for whoever vouches for the result; or who vouched for it. */
import { Alert, Button, Text, TextInput } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useQueryClient } from '@tanstack/react-query';
import { BadgeCheck, ShieldQuestion } from 'lucide-react';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { $api } from '../../api/hooks.ts';
import type { Answer } from '../../api/types.ts';
import { Moment } from '../../parts/figures.tsx';
import { Refusal } from '../../parts/refusal.tsx';
import { useMe } from '../../shell/session.ts';
import classes from './attempt.module.css';

export function AttemptTrust({ attempt }: { attempt: Answer<'/api/v1/attempts/{id}'> }) {
  const t = useTranslations('learners.attempt');
  const provider = useTranslations('common.provider');
  const { role } = useMe();
  const queries = useQueryClient();
  const [note, setNote] = useState('');
  const confirm = $api.useMutation('post', '/api/v1/attempts/{id}/confirm');
  const { confirmed } = attempt;
  if (confirmed !== null) {
    return (
      <Text mb="md" size="sm" className={classes.mark}>
        <BadgeCheck size={16} aria-hidden color="var(--gw-good)" />
        <span>{t.rich('confirmed', { name: confirmed.by, time: () => <Moment at={confirmed.at} /> })}</span>
      </Text>
    );
  }
  if (attempt.verification === 'signature_partial') {
    return (
      <Text mb="md" size="sm" c="dimmed">
        {t('partSigned')}
      </Text>
    );
  }
  if (attempt.verification !== 'token') return null;
  return (
    <Alert
      mb="lg"
      variant="outline"
      color="gray"
      className={classes.unverified}
      icon={<ShieldQuestion size={18} aria-hidden />}
      title={t('unverifiedTitle')}
    >
      <Text size="sm" maw={760}>
        {t('unverifiedText', { provider: provider(attempt.provider) })}
      </Text>
      {role !== 'learner' && (
        <form
          className={classes.confirm}
          onSubmit={(event) => {
            event.preventDefault();
            confirm.mutate(
              {
                params: { path: { id: attempt.id } },
                body: note.trim() === '' ? {} : { note: note.trim() },
              },
              {
                onSuccess: async () => {
                  notifications.show({ message: t('confirmedDone') });
                  await queries.invalidateQueries();
                },
              },
            );
          }}
        >
          <TextInput
            label={t('note')}
            value={note}
            maxLength={2000}
            w={320}
            maw="100%"
            onChange={(event) => setNote(event.currentTarget.value)}
          />
          <Button type="submit" variant="default" loading={confirm.isPending}>
            {t('confirm')}
          </Button>
        </form>
      )}
      <Refusal error={confirm.error} />
    </Alert>
  );
}
