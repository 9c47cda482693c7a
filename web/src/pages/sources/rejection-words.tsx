/** Why a webhook was refused, in sentences: what it means here, what was seen, and what to do. */
import { Box, Text } from '@mantine/core';
import { useTranslations } from 'use-intl';
import { useLanguage } from '../../i18n/language.tsx';

const REASONS = [
  'invalid_signature',
  'missing_signature',
  'stale_timestamp',
  'invalid_credentials',
  'malformed_json',
  'unknown_source',
  'payload_too_large',
  'unsupported_media_type',
  'rate_limited',
] as const;

/** The reason in a few words. */
export function useReasonTitle(): (reason: string) => string {
  const t = useTranslations('sources.rejection');
  return (reason) => {
    const known = REASONS.find((name) => name === reason);
    return known === undefined ? reason : t(`${known}.title`);
  };
}

/** `explanation`: the server's own sentence, which knows the details (how many minutes off, which field is missing). */
export function RejectionWords(props: { reason: string; explanation: string }) {
  const t = useTranslations('sources.rejection');
  const { locale } = useLanguage();
  const known = REASONS.find((name) => name === props.reason);
  // The server speaks English: others read what to do in their own language first.
  const translated = locale !== 'en' && known !== undefined;
  return (
    <Box>
      {translated && <Text size="sm">{t(`${known}.fix`)}</Text>}
      {props.explanation !== '' && (
        <Text size="sm" lang="en" {...(translated ? { c: 'dimmed' } : {})}>
          {props.explanation}
        </Text>
      )}
      {props.explanation === '' && !translated && known !== undefined && <Text size="sm">{t(`${known}.fix`)}</Text>}
    </Box>
  );
}

/** Reasons that a new secret, pasted here, may mend. */
export function isAboutSecret(reason: string): boolean {
  return reason === 'invalid_signature' || reason === 'invalid_credentials';
}
