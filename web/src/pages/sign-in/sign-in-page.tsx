/** Sign in by e-mail and password, or by the single sign-on that is configured. */
import { Alert, Button, Divider, PasswordInput, Stack, Text, TextInput } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { getRouteApi, useRouter } from '@tanstack/react-router';
import { Info, KeyRound } from 'lucide-react';
import { type FormEvent, useRef, useState } from 'react';
import { useTranslations } from 'use-intl';
import { signInByPassword, signInByProvider } from '../../api/auth.ts';
import { $api } from '../../api/hooks.ts';
import { Refusal } from '../../parts/refusal.tsx';
import { TextLink } from '../../parts/text-link.tsx';
import { EntryFrame } from './entry-frame.tsx';
import { safeReturn } from './safe-return.ts';

const route = getRouteApi('/sign-in');

export function SignInPage() {
  const t = useTranslations('signIn');
  const { to, error: refused } = route.useSearch();
  const target = safeReturn(to, window.location.origin);
  const { data: options } = $api.useQuery('get', '/api/v1/sign-in-options');
  const [failure, setFailure] = useState<unknown>(null);
  return (
    <EntryFrame title={t('title')} lead={target === '/' ? undefined : t('returning')}>
      {options?.setupNeeded === true && (
        <Alert color="teal" variant="light" icon={<Info size={18} aria-hidden />} title={t('setup.needed')}>
          {t.rich('setup.neededText', { code: (chunks) => <code>{chunks}</code> })}
        </Alert>
      )}
      {refused !== undefined && failure === null && <Refusal error={refusalOf(refused, t)} />}
      <Refusal
        error={failure}
        words={{
          invalid_credentials: t('errors.credentials'),
          rate_limited: t('errors.tooMany'),
          forbidden: t('errors.notMember'),
        }}
      />
      {(options?.sso.length ?? 0) > 0 && (
        <>
          <Stack gap="sm">
            {options?.sso.map(({ id, name }) => (
              <Button
                key={id}
                variant="default"
                leftSection={<KeyRound size={16} aria-hidden />}
                onClick={() => void signInByProvider(id, target).catch(setFailure)}
              >
                {t('sso', { name })}
              </Button>
            ))}
          </Stack>
          <Divider label={t('or')} />
        </>
      )}
      <PasswordForm target={target} onFailure={setFailure} />
      <Text size="sm" c="dimmed">
        {options?.mail === true ? (
          <TextLink to="/reset-password" size="sm">
            {t('forgot')}
          </TextLink>
        ) : (
          t('forgotAsk')
        )}
      </Text>
    </EntryFrame>
  );
}

function PasswordForm(props: { target: string; onFailure(error: unknown): void }) {
  const t = useTranslations('signIn');
  const router = useRouter();
  const queries = useQueryClient();
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const [tried, setTried] = useState(false);
  const [busy, setBusy] = useState(false);
  const emailInput = useRef<HTMLInputElement>(null);
  const passwordInput = useRef<HTMLInputElement>(null);

  async function submit(event: FormEvent) {
    event.preventDefault();
    setTried(true);
    if (email.trim() === '') return emailInput.current?.focus();
    if (password === '') return passwordInput.current?.focus();
    setBusy(true);
    props.onFailure(null);
    try {
      await signInByPassword(email.trim(), password);
      // What was asked before signing in, or by somebody else, is not to be shown.
      queries.clear();
      router.history.push(props.target);
    } catch (error) {
      props.onFailure(error);
      passwordInput.current?.focus();
      passwordInput.current?.select();
    } finally {
      setBusy(false);
    }
  }

  return (
    <form onSubmit={(event) => void submit(event)} noValidate>
      <Stack gap="md">
        <TextInput
          ref={emailInput}
          label={t('email')}
          type="email"
          name="email"
          autoComplete="username"
          required
          withAsterisk={false}
          autoFocus
          value={email}
          onChange={(event) => setEmail(event.currentTarget.value)}
          error={tried && email.trim() === '' ? t('errors.emailMissing') : undefined}
        />
        <PasswordInput
          ref={passwordInput}
          label={t('password.label')}
          name="password"
          autoComplete="current-password"
          required
          withAsterisk={false}
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
          error={tried && password === '' ? t('errors.passwordMissing') : undefined}
          visibilityToggleFocusable
          visibilityToggleButtonProps={{ 'aria-label': t('password.show') }}
        />
        <Button type="submit" loading={busy}>
          {t('submit')}
        </Button>
      </Stack>
    </form>
  );
}

/** Why single sign-on came back with a refusal; codes we do not know are shown as they are. */
function refusalOf(code: string, t: ReturnType<typeof useTranslations<'signIn'>>): string {
  if (code === 'not_invited') return t('errors.notInvited');
  if (code === 'email_not_verified') return t('errors.notVerified');
  if (code === 'access_denied') return t('errors.ssoCancelled');
  return t('errors.sso', { code });
}
