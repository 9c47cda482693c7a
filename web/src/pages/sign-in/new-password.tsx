/** A field for a new password that says how long it is and what is still missing. */
import { PasswordInput, Progress, Text } from '@mantine/core';
import { useTranslations } from 'use-intl';

/** The server's least and most: length instead of odd characters (NIST SP 800-63B). */
const LEAST = 10;
const MOST = 128;
/** From here on guessing is hopeless even for a list of stolen hashes. */
const STRONG = 16;

/** Whether the server takes it. */
export function isLongEnough(password: string): boolean {
  return password.length >= LEAST && password.length <= MOST;
}

export function NewPassword(props: { value: string; onChange(value: string): void; wrong: boolean; label?: string }) {
  const t = useTranslations('signIn.password');
  const { value, wrong } = props;
  const length = value.length;
  const missing = LEAST - length;
  const hint =
    length === 0
      ? t('hint', { least: LEAST })
      : missing > 0
        ? t('missing', { count: missing })
        : length > MOST
          ? t('tooLong', { most: MOST })
          : length < STRONG
            ? t('enough')
            : t('strong');
  return (
    <PasswordInput
      label={props.label ?? t('label')}
      autoComplete="new-password"
      required
      withAsterisk={false}
      value={value}
      onChange={(event) => props.onChange(event.currentTarget.value)}
      error={wrong && !isLongEnough(value) ? hint : undefined}
      inputWrapperOrder={['label', 'input', 'description', 'error']}
      visibilityToggleFocusable
      visibilityToggleButtonProps={{ 'aria-label': t('show') }}
      description={
        wrong && !isLongEnough(value) ? undefined : (
          <>
            <Progress
              component="span"
              display="flex"
              size={3}
              my={6}
              color={missing > 0 ? 'gray' : length < STRONG ? 'teal' : 'green'}
              value={Math.min(100, (length / STRONG) * 100)}
              aria-hidden
            />
            <Text component="span" size="xs">
              {hint}
            </Text>
          </>
        )
      }
    />
  );
}
