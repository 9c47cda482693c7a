/** Status and proof of a webhook, as an icon and words. */
import { Group, Text } from '@mantine/core';
import { CircleCheck, CircleHelp, CircleMinus, CircleX, Hourglass } from 'lucide-react';
import { useTranslations } from 'use-intl';
import type { Item } from '../../api/types.ts';
import type { ReceiptStatus } from './receipt-search.ts';

export type Receipt = Item<'/api/v1/receipts'>;

const MARKS = {
  pending: { icon: Hourglass, color: 'var(--gw-muted)' },
  processed: { icon: CircleCheck, color: 'var(--gw-good)' },
  ignored: { icon: CircleMinus, color: 'var(--gw-muted)' },
  unmapped: { icon: CircleHelp, color: 'var(--gw-attention)' },
  failed: { icon: CircleX, color: 'var(--gw-failure)' },
} as const;

export function StatusMark({ status }: { status: ReceiptStatus }) {
  const t = useTranslations('sources.status');
  const { icon: Icon, color } = MARKS[status];
  return (
    <Group component="span" gap={6} wrap="nowrap" display="inline-flex" style={{ verticalAlign: 'middle' }}>
      <Icon size={16} aria-hidden color={color} />
      <Text component="span" size="sm">
        {t(status)}
      </Text>
    </Group>
  );
}
