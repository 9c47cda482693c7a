/** A secret to paste, or to make up here where the platform takes one of ours. */
import { Button, Group, PasswordInput } from '@mantine/core';
import { Dices } from 'lucide-react';
import type { ReactNode, Ref } from 'react';
import { useTranslations } from 'use-intl';

export function SecretInput(props: {
  label: string;
  description?: ReactNode;
  value: string;
  onChange(value: string): void;
  error: string | undefined;
  required?: boolean;
  /** Makes one up; without it there is no button. */
  makeUp?: () => string;
  ref?: Ref<HTMLInputElement>;
}) {
  const t = useTranslations('sources.fields');
  return (
    <Group align="flex-end" gap="sm" wrap="wrap">
      <PasswordInput
        ref={props.ref ?? null}
        flex={1}
        miw={220}
        label={props.label}
        description={props.description}
        value={props.value}
        onChange={(event) => props.onChange(event.currentTarget.value)}
        error={props.error}
        aria-invalid={props.error !== undefined}
        required={props.required === true}
        withAsterisk={false}
        autoComplete="off"
        spellCheck={false}
        visibilityToggleFocusable
        visibilityToggleButtonProps={{ 'aria-label': t('show') }}
      />
      {props.makeUp !== undefined && (
        <Button
          variant="default"
          leftSection={<Dices size={16} aria-hidden />}
          onClick={() => props.onChange(props.makeUp?.() ?? '')}
        >
          {t('makeUp')}
        </Button>
      )}
    </Group>
  );
}
