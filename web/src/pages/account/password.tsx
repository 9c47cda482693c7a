/** Changes one's own password. */
import { Button, PasswordInput, Stack } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { useTranslations } from 'use-intl';
import { changePassword } from '../../api/auth.ts';
import { refresh } from '../../api/refresh.ts';
import { Section } from '../../parts/page.tsx';
import { Refusal } from '../../parts/refusal.tsx';
import { isLongEnough, NewPassword } from '../sign-in/new-password.tsx';

export function Password() {
  const t = useTranslations('settings.account');
  const entry = useTranslations('signIn');
  const queries = useQueryClient();
  const [current, setCurrent] = useState('');
  const [next, setNext] = useState('');
  const [tried, setTried] = useState(false);
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<unknown>(null);

  async function submit(event: FormEvent) {
    event.preventDefault();
    setTried(true);
    if (current === '' || !isLongEnough(next)) return;
    setBusy(true);
    setFailure(null);
    try {
      await changePassword(current, next);
      setCurrent('');
      setNext('');
      setTried(false);
      refresh(queries, '/api/v1/sessions');
      notifications.show({ message: t('passwordChanged'), color: 'green' });
    } catch (error) {
      setFailure(error);
    } finally {
      setBusy(false);
    }
  }

  return (
    <Section title={t('password')} note={t('passwordNote')}>
      <form onSubmit={(event) => void submit(event)} noValidate>
        <Stack gap="md" maw={400}>
          <Refusal error={failure} words={{ invalid_credentials: t('passwordWrong') }} />
          <PasswordInput
            label={t('currentPassword')}
            autoComplete="current-password"
            value={current}
            onChange={(event) => setCurrent(event.currentTarget.value)}
            error={tried && current === '' ? entry('errors.passwordMissing') : undefined}
            visibilityToggleFocusable
            visibilityToggleButtonProps={{ 'aria-label': entry('password.show') }}
          />
          <NewPassword value={next} onChange={setNext} wrong={tried} label={t('newPassword')} />
          <div>
            <Button type="submit" variant="default" loading={busy}>
              {t('changePassword')}
            </Button>
          </div>
        </Stack>
      </form>
    </Section>
  );
}
