/** The webhooks and refusals of a source as they come in, for whoever has just pasted the URL and waits. */
import { Anchor, Box, Group, Stack, Text } from '@mantine/core';
import { CircleCheck, CircleDot, Hourglass, Info, ShieldX, TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import { useFormatter, useTranslations } from 'use-intl';
import { TestMark } from '../../parts/figures.tsx';
import { TextLink } from '../../parts/text-link.tsx';
import { type Arrival, useArrivals } from './arrivals.ts';
import { isAboutSecret, RejectionWords, useReasonTitle } from './rejection-words.tsx';
import classes from './sources.module.css';

/** `waiting`: the sentence while nothing has come. `onRotate` offers to change the secret where a refusal asks for it. */
export function ArrivalsList(props: {
  sourceId: string;
  waiting: ReactNode;
  first?: ReactNode;
  onRotate?: () => void;
}) {
  const t = useTranslations('sources.watch');
  const { arrivals, status } = useArrivals(props.sourceId);
  const arrived = arrivals.some((arrival) => arrival.kind === 'receipt' && !arrival.test);
  return (
    <Box className={classes.watch}>
      <Group gap="sm" wrap="nowrap" mb={arrivals.length > 0 ? 'sm' : 0} role="status">
        {arrived ? (
          <CircleCheck size={18} aria-hidden color="var(--gw-good)" className={classes.mark} />
        ) : (
          <CircleDot size={18} aria-hidden color="var(--gw-link)" className={classes.mark} />
        )}
        <Text fw={600}>
          {status === 'reconnecting' ? t('reconnecting') : arrived ? (props.first ?? t('listening')) : props.waiting}
        </Text>
      </Group>
      {/* Announced as they come, one by one. */}
      <Stack component="ul" gap={0} className={classes.arrivals} aria-live="polite" aria-relevant="additions text">
        {arrivals.map((arrival) => (
          <li key={arrival.id} className={`${classes.arrival} gw-new`}>
            {arrival.kind === 'receipt' ? (
              <Received arrival={arrival} />
            ) : (
              <Refused arrival={arrival} {...(props.onRotate === undefined ? {} : { onRotate: props.onRotate })} />
            )}
          </li>
        ))}
      </Stack>
    </Box>
  );
}

function Received({ arrival }: { arrival: Extract<Arrival, { kind: 'receipt' }> }) {
  const t = useTranslations('sources.watch');
  const marks = {
    pending: <Hourglass size={16} aria-hidden color="var(--gw-muted)" />,
    processed: <CircleCheck size={16} aria-hidden color="var(--gw-good)" />,
    ignored: <Info size={16} aria-hidden color="var(--gw-muted)" />,
    unmapped: <TriangleAlert size={16} aria-hidden color="var(--gw-attention)" />,
    failed: <TriangleAlert size={16} aria-hidden color="var(--gw-failure)" />,
  } as const;
  return (
    <Group gap="sm" wrap="nowrap" align="flex-start">
      <Box className={classes.mark}>{marks[arrival.status]}</Box>
      <Box miw={0} flex={1}>
        <Group gap="sm">
          <TextLink to="/receipts/$id" params={{ id: arrival.id }} size="sm" fw={600}>
            {arrival.event ?? t('webhook')}
          </TextLink>
          <TestMark test={arrival.test} />
          <At at={arrival.receivedAt} />
        </Group>
        <Text size="sm">
          {arrival.status === 'processed' && arrival.events.length > 0
            ? t.rich('meant', {
                count: arrival.events.length,
                events: arrival.events.join(', '),
                mono: (chunks) => <span className="gw-mono">{chunks}</span>,
              })
            : t(`status.${arrival.status}`)}
          {arrival.error !== null && ` ${arrival.error}`}
        </Text>
      </Box>
    </Group>
  );
}

function Refused({ arrival, onRotate }: { arrival: Extract<Arrival, { kind: 'rejection' }>; onRotate?: () => void }) {
  const t = useTranslations('sources.watch');
  const titleOf = useReasonTitle();
  return (
    <Group gap="sm" wrap="nowrap" align="flex-start">
      <ShieldX size={16} aria-hidden color="var(--gw-failure)" className={classes.mark} />
      <Box miw={0} flex={1}>
        <Group gap="sm">
          <Text size="sm" fw={600}>
            {t('refused', { why: titleOf(arrival.reason) })}
          </Text>
          <At at={arrival.at} />
        </Group>
        <RejectionWords reason={arrival.reason} explanation={arrival.explanation} />
        {onRotate !== undefined && isAboutSecret(arrival.reason) && (
          <Anchor component="button" type="button" size="sm" onClick={onRotate}>
            {t('changeSecret')}
          </Anchor>
        )}
      </Box>
    </Group>
  );
}

/** The time of the day, to the second: these come while one looks. */
function At({ at }: { at: string }) {
  const format = useFormatter();
  return (
    <Text component="time" size="xs" c="dimmed" dateTime={at}>
      {format.dateTime(new Date(at), { timeStyle: 'medium' })}
    </Text>
  );
}
