/** A new password: first the mail with a link, then the field for it. */
import { Alert, Button, Stack, Text, TextInput } from '@mantine/core';
import { getRouteApi } from '@tanstack/react-router';
import { CircleCheck } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import { useTranslations } from 'use-intl';
import { requestPasswordLink, setPassword } from '../../api/auth.ts';
import { Refusal } from '../../parts/refusal.tsx';
import { TextLink } from '../../parts/text-link.tsx';
import { EntryFrame } from './entry-frame.tsx';
import { isLongEnough, NewPassword } from './new-password.tsx';

const route = getRouteApi('/reset-password');

export function ResetPasswordPage() {
  const t = useTranslations('signIn.reset');
  const { token } = route.useSearch();
  return (
    <EntryFrame title={t('title')}>
      {token === undefined ? <AskForLink /> : <SetPassword token={token} />}
      <TextLink to="/sign-in" size="sm">
        {t('back')}
      </TextLink>
    </EntryFrame>
  );
}

function AskForLink() {
  const t = useTranslations('signIn');
  const [email, setEmail] = useState('');
  const [sent, setSent] = useState(false);
  const [tried, setTried] = useState(false);
  const [failure, setFailure] = useState<unknown>(null);

  async function submit(event: FormEvent) {
    event.preventDefault();
    setTried(true);
    if (email.trim() === '') return;
    try {
      await requestPasswordLink(email.trim());
      setSent(true);
    } catch (error) {
      setFailure(error);
    }
  }

  if (sent) return <Done>{t('reset.sent', { email: email.trim() })}</Done>;
  return (
    <form onSubmit={(event) => void submit(event)} noValidate>
      <Stack gap="md">
        <Refusal error={failure} />
        <Text>{t('reset.lead')}</Text>
        <TextInput
          label={t('email')}
          type="email"
          autoComplete="username"
          required
          withAsterisk={false}
          autoFocus
          value={email}
          onChange={(event) => setEmail(event.currentTarget.value)}
          error={tried && email.trim() === '' ? t('errors.emailMissing') : undefined}
        />
        <Button type="submit">{t('reset.send')}</Button>
      </Stack>
    </form>
  );
}

function SetPassword({ token }: { token: string }) {
  const t = useTranslations('signIn');
  const [password, change] = useState('');
  const [tried, setTried] = useState(false);
  const [done, setDone] = useState(false);
  const [failure, setFailure] = useState<unknown>(null);

  async function submit(event: FormEvent) {
    event.preventDefault();
    setTried(true);
    if (!isLongEnough(password)) return;
    try {
      await setPassword(token, password);
      setDone(true);
    } catch (error) {
      setFailure(error);
    }
  }

  if (done) return <Done>{t('reset.done')}</Done>;
  return (
    <form onSubmit={(event) => void submit(event)} noValidate>
      <Stack gap="md">
        <Refusal error={failure} words={{ invalid_request: t('errors.linkUsed') }} />
        <NewPassword value={password} onChange={change} wrong={tried} label={t('reset.newPassword')} />
        <Button type="submit">{t('reset.set')}</Button>
      </Stack>
    </form>
  );
}

function Done(props: { children: string }) {
  return (
    <Alert color="green" variant="light" icon={<CircleCheck size={18} aria-hidden />} role="status">
      {props.children}
    </Alert>
  );
}
