/** Fields that every source has: name, address, who the learner is, limits. Used when a source is made and when it is changed. */
import { Fieldset, NumberInput, SimpleGrid, Stack, TagsInput, Text, TextInput } from '@mantine/core';
import { useTranslations } from 'use-intl';
import type { Provider } from './providers.ts';
import { IDENTITY_FIELDS, type SourceDraft } from './source-draft.ts';

export interface DraftFields {
  draft: SourceDraft;
  change(change: Partial<SourceDraft>): void;
  /** The server's sentences by field. */
  errors: Readonly<Record<string, string>>;
}

export function NameField({ draft, change, errors, provider }: DraftFields & { provider: Provider }) {
  const t = useTranslations('sources.fields');
  const title = useTranslations('common.provider');
  return (
    <TextInput
      label={t('name')}
      description={t('nameHint')}
      placeholder={title(provider)}
      value={draft.name}
      onChange={(event) => change({ name: event.currentTarget.value })}
      error={errors.name}
    />
  );
}

export function OriginsField({ draft, change, errors }: DraftFields) {
  const t = useTranslations('sources.fields');
  return (
    <TagsInput
      label={t('origins')}
      description={t('originsHint')}
      value={draft.origins}
      onChange={(origins) => change({ origins: origins.map((origin) => origin.replace(/\/+$/, '')) })}
      acceptValueOnBlur
      error={Object.entries(errors).find(([path]) => path.startsWith('allowedOrigins'))?.[1]}
    />
  );
}

export function IdentityFields({ draft, change, errors }: DraftFields) {
  const t = useTranslations('sources.fields');
  return (
    <Fieldset legend={t('identity')}>
      <Text size="sm" c="dimmed" mb="sm">
        {t('identityHint')}
      </Text>
      <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="sm">
        {IDENTITY_FIELDS.map((field) => (
          <TextInput
            key={field}
            label={t(`identityField.${field}`)}
            value={draft.identityFrom[field]}
            onChange={(event) =>
              change({ identityFrom: { ...draft.identityFrom, [field]: event.currentTarget.value } })
            }
            error={errors[`identityFrom/${field}`]}
          />
        ))}
      </SimpleGrid>
    </Fieldset>
  );
}

export function LimitFields({ draft, change, errors }: DraftFields) {
  const t = useTranslations('sources.fields');
  return (
    <Stack gap="md">
      <TextInput
        label={t('slug')}
        description={t('slugHint')}
        value={draft.slug}
        onChange={(event) => change({ slug: event.currentTarget.value })}
        error={errors.slug}
        spellCheck={false}
      />
      <NumberInput
        label={t('rateLimit')}
        description={t('rateLimitHint')}
        value={draft.rateLimit ?? ''}
        onChange={(value) => change({ rateLimit: typeof value === 'number' ? value : null })}
        min={1}
        max={1_000_000}
        allowDecimal={false}
        error={errors.rateLimit}
      />
    </Stack>
  );
}
