/** How fresh the page is: live, or how far behind; and the switch that pauses it. */
import { ActionIcon, Group, Text, Tooltip } from '@mantine/core';
import { Circle, Pause, Play, RefreshCw } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useTranslations } from 'use-intl';
import { useLive } from '../live/live-provider.tsx';

export function Freshness() {
  const t = useTranslations('common.fresh');
  const { state, paused, setPaused, waiting } = useLive();
  const seconds = useSecondsSince(state.status === 'reconnecting' ? state.lastSeenAt : null);
  const live = state.status === 'live' && !paused;
  const words = paused
    ? t('paused')
    : state.status === 'live'
      ? t('live')
      : state.status === 'reconnecting'
        ? t('reconnecting', { seconds })
        : t('connecting');
  return (
    <Group gap={4} wrap="nowrap">
      {state.status === 'reconnecting' ? (
        <RefreshCw size={14} aria-hidden color="var(--gw-attention)" />
      ) : (
        <Circle
          size={10}
          aria-hidden
          fill={live ? 'var(--gw-good)' : 'none'}
          color={live ? 'var(--gw-good)' : 'var(--gw-muted)'}
        />
      )}
      {/* Announced when it changes, without the counting seconds. */}
      <Text size="sm" data-testid="freshness" data-status={paused ? 'paused' : state.status}>
        {words}
        {paused && waiting > 0 ? ` (${waiting})` : ''}
      </Text>
      <span role="status" style={{ position: 'absolute', left: -9999 }}>
        {state.status === 'live' ? t('live') : t('connecting')}
      </span>
      <Tooltip label={paused ? t('resume') : t('pause')}>
        <ActionIcon
          variant="subtle"
          color="gray"
          aria-label={paused ? t('resume') : t('pause')}
          aria-pressed={paused}
          onClick={() => setPaused(!paused)}
        >
          {paused ? <Play size={14} aria-hidden /> : <Pause size={14} aria-hidden />}
        </ActionIcon>
      </Tooltip>
    </Group>
  );
}

/** Whole seconds since a time, counted while it is shown; 0 without one. */
function useSecondsSince(since: number | null): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    if (since === null) return undefined;
    setNow(Date.now());
    const timer = setInterval(() => setNow(Date.now()), 1_000);
    return () => clearInterval(timer);
  }, [since]);
  return since === null ? 0 : Math.max(0, Math.round((now - since) / 1_000));
}
