/** Why what a person asked for was not done: in words of ours where the code is known, else in the server's. */
import { Alert, Text } from '@mantine/core';
import { CircleAlert } from 'lucide-react';
import { useTranslations } from 'use-intl';
import { ApiError } from '../api/api-error.ts';

/** `words`: sentences in the reader's language by error code. Nothing is shown without an error. */
export function Refusal(props: { error: unknown; words?: Readonly<Record<string, string>> }) {
  const t = useTranslations('common.state');
  const { error } = props;
  if (error === null || error === undefined) return null;
  const known = error instanceof ApiError ? error : null;
  const sentence =
    known === null
      ? String(error)
      : known.status === 0
        ? t('unreachable')
        : (props.words?.[known.code] ?? known.message);
  return (
    <Alert color="red" variant="light" icon={<CircleAlert size={18} aria-hidden />} role="alert" py="sm">
      <Text size="sm">{sentence}</Text>
      {known?.details.map((detail) => (
        <Text key={`${detail.path}${detail.message}`} size="sm">
          {detail.message}
        </Text>
      ))}
      {known?.requestId != null && known.status >= 500 && (
        <Text size="xs" className="gw-mono">
          {t('errorId', { id: known.requestId })}
        </Text>
      )}
    </Alert>
  );
}
