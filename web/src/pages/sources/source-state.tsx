/** How a source fares, as an icon and words. */
import { Group, Text } from '@mantine/core';
import { BellOff, CircleCheck, CircleDashed, ShieldX } from 'lucide-react';
import { useTranslations } from 'use-intl';
import { $api } from '../../api/hooks.ts';
import type { Answer } from '../../api/types.ts';

export type Health = Answer<'/api/v1/sources/{id}/health'>;

/** Asked again whenever an event arrives. */
export function useSourceHealth(id: string) {
  return $api.useQuery('get', '/api/v1/sources/{id}/health', { params: { path: { id } } });
}

export type Standing = 'waiting' | 'rejecting' | 'silent' | 'receiving';

/** The worst that is known. */
export function standingOf(health: Health): Standing {
  if (health.rejecting) return 'rejecting';
  if (health.lastReceiptAt === null) return health.rejections24h > 0 ? 'rejecting' : 'waiting';
  return health.silent ? 'silent' : 'receiving';
}

const MARKS = {
  waiting: { icon: CircleDashed, color: 'var(--gw-muted)' },
  rejecting: { icon: ShieldX, color: 'var(--gw-failure)' },
  silent: { icon: BellOff, color: 'var(--gw-attention)' },
  receiving: { icon: CircleCheck, color: 'var(--gw-good)' },
} as const;

export function SourceState({ health }: { health: Health }) {
  const t = useTranslations('sources.standing');
  const standing = standingOf(health);
  const { icon: Icon, color } = MARKS[standing];
  return (
    <Group component="span" gap={6} wrap="nowrap" display="inline-flex" style={{ verticalAlign: 'middle' }}>
      <Icon size={16} aria-hidden color={color} style={{ flex: 'none' }} />
      <Text component="span" size="sm">
        {t(standing)}
      </Text>
    </Group>
  );
}
