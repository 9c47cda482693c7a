/** How a try ended: status, how long it took, and what went wrong. */
import { Text } from '@mantine/core';
import { useFormatter, useTranslations } from 'use-intl';
import type { Item } from '../../api/types.ts';

type LastAttempt = NonNullable<Item<'/api/v1/deliveries'>['lastAttempt']>;

export function TryResult({ attempt }: { attempt: LastAttempt }) {
  const t = useTranslations('endpoints.delivery');
  const format = useFormatter();
  return (
    <>
      {attempt.statusCode !== null && `${attempt.statusCode} · `}
      {t('took', { ms: format.number(Math.round(attempt.durationMs)) })}
      {attempt.error !== null && (
        <>
          {' · '}
          <Text component="span" size="sm" lang="en">
            {attempt.error}
          </Text>
        </>
      )}
    </>
  );
}
