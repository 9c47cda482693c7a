/** What a new source of each platform needs, under the platform's own names. */
import { Stack, Text, TextInput } from '@mantine/core';
import { useTranslations } from 'use-intl';
import { type DraftFields, IdentityFields, OriginsField } from './common-fields.tsx';
import type { Provider } from './providers.ts';
import { randomSecret, randomSigningSecret } from './random-secret.ts';
import { SecretInput } from './secret-input.tsx';

/** `tried`: it was sent already, so what is missing is said. */
export function PlatformFields(props: DraftFields & { provider: Provider; tried: boolean }) {
  const t = useTranslations('sources');
  const { provider, draft, change, errors, tried } = props;
  const missing = (value: string, path: string) =>
    errors[path] ?? (tried && value.trim() === '' ? t('fields.missing') : undefined);
  switch (provider) {
    case 'quizapi':
    case 'standard':
      return (
        <SecretInput
          label={t(`platform.${provider}.secret`)}
          description={t(`platform.${provider}.secretHint`)}
          value={draft.secret}
          onChange={(secret) => change({ secret })}
          makeUp={provider === 'quizapi' ? randomSecret : randomSigningSecret}
          error={missing(draft.secret, 'secret')}
          required
        />
      );
    case 'testpress':
      return (
        <Stack gap="md">
          <TextInput
            label={t('platform.testpress.publicKey')}
            description={t('platform.testpress.publicKeyHint')}
            value={draft.publicKey}
            onChange={(event) => change({ publicKey: event.currentTarget.value })}
            error={missing(draft.publicKey, 'publicKey')}
            required
            withAsterisk={false}
            autoComplete="off"
            spellCheck={false}
          />
          <SecretInput
            label={t('platform.testpress.secret')}
            description={t('platform.testpress.secretHint')}
            value={draft.secret}
            onChange={(secret) => change({ secret })}
            error={missing(draft.secret, 'secret')}
            required
          />
        </Stack>
      );
    case 'synap':
      return (
        <Stack gap="md">
          <Text size="sm">{t('platform.synap.basicHint')}</Text>
          <TextInput
            label={t('platform.synap.username')}
            value={draft.username}
            onChange={(event) => change({ username: event.currentTarget.value })}
            error={errors['basicAuth/username']}
            autoComplete="off"
            spellCheck={false}
          />
          <SecretInput
            label={t('platform.synap.password')}
            value={draft.password}
            onChange={(password) => change({ password })}
            makeUp={randomSecret}
            error={errors['basicAuth/password']}
          />
        </Stack>
      );
    case 'instruqt':
      return (
        <Stack gap="md">
          <Text size="sm">{t('platform.instruqt.secretLater')}</Text>
          <IdentityFields {...props} />
        </Stack>
      );
    case 'easygenerator':
      return <OriginsField {...props} />;
    default:
      return provider satisfies never;
  }
}

/** Whether what the platform cannot do without is there. */
export function isComplete(provider: Provider, { secret, publicKey }: DraftFields['draft']): boolean {
  if (provider === 'testpress') return secret.trim() !== '' && publicKey.trim() !== '';
  return !(provider === 'quizapi' || provider === 'standard') || secret.trim() !== '';
}
