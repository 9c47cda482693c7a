/** An endpoint and a delivery in words: name, kind, how it stands; each state as an icon and words. */
import { Group, Text } from '@mantine/core';
import { CircleCheck, CirclePause, CircleSlash, CircleX, Hourglass, TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslations } from 'use-intl';
import { Moment } from '../../parts/figures.tsx';
import { usePresenter } from '../../shell/presenter.tsx';
import { choiceOf } from './choices.ts';
import type { Endpoint } from './endpoint-draft.ts';
import type { DeliveryStatus } from './endpoint-search.ts';

type Named = Pick<Endpoint, 'kind' | 'to' | 'description'> & { url?: string | null; host?: string | null };

/** What people called it, else where it is; a mailbox is hidden in presenter mode. */
export function useEndpointName(): (endpoint: Named) => string {
  const t = useTranslations('endpoints');
  const { on } = usePresenter();
  return ({ kind, to, description, url, host }) => {
    if (description !== null && description !== '') return description;
    if (kind === 'email') return to === 'learner' ? t('toLearner') : on || to === null ? t('kind.email') : to;
    return host ?? hostOf(url ?? null) ?? t(`kind.${kind}`);
  };
}

export function hostOf(url: string | null): string | null {
  return url !== null && URL.canParse(url) ? new URL(url).host : null;
}

/** "Slack", "E-mail to the learner": what it was made as. */
export function useKindName(): (endpoint: Pick<Endpoint, 'kind' | 'config' | 'to'>) => string {
  const t = useTranslations('endpoints.choice');
  return ({ kind, config, to }) => t(`${choiceOf(kind, config.preset, to)}.name`);
}

export type Standing = 'enabled' | 'failing' | 'disabled' | 'off';

/** `off`: by hand; `disabled`: by us, with a reason. */
export function standingOf(endpoint: Endpoint): Standing {
  if (!endpoint.enabled) return endpoint.disabledReason === null ? 'off' : 'disabled';
  return endpoint.failingSince === null ? 'enabled' : 'failing';
}

function Mark(props: { icon: typeof CircleCheck; color: string; children: ReactNode }) {
  const Icon = props.icon;
  return (
    <Group component="span" gap={6} wrap="nowrap" display="inline-flex" style={{ verticalAlign: 'middle' }}>
      <Icon size={16} aria-hidden color={props.color} style={{ flex: 'none' }} />
      <Text component="span" size="sm">
        {props.children}
      </Text>
    </Group>
  );
}

const STANDINGS = {
  enabled: { icon: CircleCheck, color: 'var(--gw-good)' },
  failing: { icon: TriangleAlert, color: 'var(--gw-attention)' },
  disabled: { icon: CircleX, color: 'var(--gw-failure)' },
  off: { icon: CirclePause, color: 'var(--gw-muted)' },
} as const;

export function EndpointStanding({ endpoint }: { endpoint: Endpoint }) {
  const t = useTranslations('endpoints.standing');
  const standing = standingOf(endpoint);
  const at = standing === 'failing' ? endpoint.failingSince : endpoint.disabledAt;
  return (
    <Mark {...STANDINGS[standing]}>
      {standing === 'enabled' || at === null
        ? t(standing)
        : t.rich(`${standing}Since`, { time: () => <Moment at={at} relative /> })}
    </Mark>
  );
}

const STATUS_MARKS = {
  pending: { icon: Hourglass, color: 'var(--gw-muted)' },
  retrying: { icon: TriangleAlert, color: 'var(--gw-attention)' },
  succeeded: { icon: CircleCheck, color: 'var(--gw-good)' },
  failed: { icon: CircleX, color: 'var(--gw-failure)' },
  skipped: { icon: CircleSlash, color: 'var(--gw-muted)' },
} as const;

/** `tries`: pending after a failed try is told apart from not sent yet. */
export function DeliveryMark(props: { status: DeliveryStatus; tries: number }) {
  const t = useTranslations('endpoints.status');
  const name = props.status === 'pending' && props.tries > 0 ? 'retrying' : props.status;
  return <Mark {...STATUS_MARKS[name]}>{t(name)}</Mark>;
}
