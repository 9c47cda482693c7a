/** What is wrong with a source and what to do, when something is. */
import { Alert, Anchor, Text } from '@mantine/core';
import { BellOff, ShieldX } from 'lucide-react';
import { useFormatter, useTranslations } from 'use-intl';
import type { Source } from '../../api/types.ts';
import { TextLink } from '../../parts/text-link.tsx';
import { RejectionWords, useReasonTitle } from './rejection-words.tsx';
import { standingOf, useSourceHealth } from './source-state.tsx';

/** `onRotate`: on the source's own page, where the secret can be changed; elsewhere it links there. */
export function TroubleOf({ source, onRotate }: { source: Source; onRotate?: () => void }) {
  const t = useTranslations('sources.trouble');
  const format = useFormatter();
  const titleOf = useReasonTitle();
  const { data: health } = useSourceHealth(source.id);
  if (health === undefined) return null;
  const standing = standingOf(health);
  const last = health.lastRejection;
  if (standing === 'rejecting' && last !== null) {
    return (
      <Alert
        mb="md"
        color="red"
        variant="light"
        icon={<ShieldX size={18} aria-hidden />}
        title={t('rejecting', { source: source.name, why: titleOf(last.reason) })}
      >
        <Text size="sm">{t('rejectingText', { count: health.rejections24h, taken: health.receipts24h })}</Text>
        <RejectionWords reason={last.reason} explanation={last.explanation} />
        {onRotate === undefined ? (
          <TextLink to="/sources/$id" params={{ id: source.id }} size="sm" c="inherit" underline="always">
            {t('open')}
          </TextLink>
        ) : (
          <Anchor component="button" type="button" size="sm" c="inherit" underline="always" onClick={onRotate}>
            {t('rotate')}
          </Anchor>
        )}
      </Alert>
    );
  }
  if (standing === 'silent' && health.lastReceiptAt !== null) {
    return (
      <Alert
        mb="md"
        color="amber"
        variant="light"
        icon={<BellOff size={18} aria-hidden />}
        title={t('silent', {
          source: source.name,
          since: format.relativeTime(new Date(health.lastReceiptAt), new Date()),
        })}
      >
        <Text size="sm">
          {health.expectedEveryHours !== null && t('expected', { hours: health.expectedEveryHours })}{' '}
          {t(`silentText.${source.provider}`)}
        </Text>
      </Alert>
    );
  }
  return null;
}
