/** Headers that are sent besides ours: a row each; secret ones are never shown again. */
import { ActionIcon, Button, Checkbox, Fieldset, Group, Stack, Text, TextInput } from '@mantine/core';
import { Plus, X } from 'lucide-react';
import { useTranslations } from 'use-intl';
import type { HeaderDraft } from './endpoint-draft.ts';
import type { FormFields } from './endpoint-form.tsx';

export function HeaderFields({ draft, change, errorOf, secretsSet }: FormFields) {
  const t = useTranslations('endpoints.headers');
  const { headers } = draft;
  const set = (index: number, part: Partial<HeaderDraft>) =>
    change({ headers: headers.map((header, at) => (at === index ? { ...header, ...part } : header)) });
  return (
    <Fieldset legend={t('title')}>
      <Stack gap="sm">
        {secretsSet.includes('secretHeaders') && <Text size="sm">{t('kept')}</Text>}
        {headers.map((header, index) => {
          const group = header.secret ? 'secretHeaders' : 'headers';
          return (
            // biome-ignore lint/suspicious/noArrayIndexKey: a row is what stands at its place; its name is being typed.
            <Group key={index} align="flex-end" gap="sm">
              <TextInput
                flex={1}
                miw={140}
                label={t('name')}
                value={header.name}
                onChange={(event) => set(index, { name: event.currentTarget.value })}
                error={errorOf(`config/${group}/${header.name}`)}
                spellCheck={false}
              />
              <TextInput
                flex={2}
                miw={160}
                label={t('value')}
                value={header.value}
                onChange={(event) => set(index, { value: event.currentTarget.value })}
                spellCheck={false}
                autoComplete="off"
              />
              <Checkbox
                mb={8}
                label={t('secret')}
                checked={header.secret}
                onChange={(event) => set(index, { secret: event.currentTarget.checked })}
              />
              <ActionIcon
                mb={4}
                variant="subtle"
                color="gray"
                aria-label={t('remove', { name: header.name === '' ? String(index + 1) : header.name })}
                onClick={() => change({ headers: headers.filter((_, at) => at !== index) })}
              >
                <X size={16} aria-hidden />
              </ActionIcon>
            </Group>
          );
        })}
        <Group>
          <Button
            variant="default"
            size="xs"
            leftSection={<Plus size={14} aria-hidden />}
            onClick={() => change({ headers: [...headers, { name: '', value: '', secret: false }] })}
          >
            {t('add')}
          </Button>
        </Group>
      </Stack>
    </Fieldset>
  );
}
