/** How the receiver is told who calls. */
import { NativeSelect, SimpleGrid, Stack, TextInput } from '@mantine/core';
import { useTranslations } from 'use-intl';
import { SecretInput } from '../sources/secret-input.tsx';
import type { AuthDraft, AuthType } from './auth-draft.ts';
import type { FormFields } from './endpoint-form.tsx';

export function AuthFields({ draft, change, errorOf, secretsSet, types }: FormFields & { types: readonly AuthType[] }) {
  const t = useTranslations('endpoints.auth');
  const { auth } = draft;
  const set = (part: Partial<AuthDraft>) => change({ auth: { ...auth, ...part } });
  const text = (name: 'username' | 'tokenUrl' | 'clientId' | 'scope') => (
    <TextInput
      label={t(name)}
      value={auth[name]}
      onChange={(event) => set({ [name]: event.currentTarget.value })}
      error={errorOf(`config/auth/${name}`)}
      aria-invalid={errorOf(`config/auth/${name}`) !== undefined}
      autoComplete="off"
      spellCheck={false}
    />
  );
  const secret = (name: 'password' | 'token' | 'clientSecret') => (
    <SecretInput
      label={t(name)}
      {...(secretsSet.includes(`auth.${name}`) ? { description: t('kept') } : {})}
      value={auth[name]}
      onChange={(value) => set({ [name]: value })}
      error={errorOf(`config/auth/${name}`)}
    />
  );
  return (
    <Stack gap="sm">
      <NativeSelect
        label={t('title')}
        description={t(draft.choice === 'zapier' || draft.choice === 'slack' ? 'hintUrl' : 'hint')}
        value={auth.type}
        onChange={(event) => set({ type: types.find((name) => name === event.currentTarget.value) ?? 'none' })}
        data={types.map((name) => ({ value: name, label: t(`type.${name}`) }))}
      />
      {auth.type === 'basic' && (
        <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="sm">
          {text('username')}
          {secret('password')}
        </SimpleGrid>
      )}
      {auth.type === 'bearer' && secret('token')}
      {auth.type === 'oauth2' && (
        <>
          {text('tokenUrl')}
          <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="sm">
            {text('clientId')}
            {secret('clientSecret')}
          </SimpleGrid>
          {text('scope')}
        </>
      )}
    </Stack>
  );
}
