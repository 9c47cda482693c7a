/**
 * What happens, the newest first. While somebody reads (pointer or focus inside the list, or it is scrolled), new events
 * gather behind "7 new" instead of moving the rows under the pointer.
 */
import { Button, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useCallback, useRef, useState } from 'react';
import { useFormatter, useTranslations } from 'use-intl';
import { $api } from '../../api/hooks.ts';
import type { FeedEvent } from '../../api/types.ts';
import type { LiveMessage } from '../../live/connection.ts';
import { useLive, useLiveMessages } from '../../live/live-provider.tsx';
import { useActivityName } from '../../parts/activity-name.ts';
import { Percent, TestMark, Unverified } from '../../parts/figures.tsx';
import { Section } from '../../parts/page.tsx';
import { Empty, Shown } from '../../parts/states.tsx';
import { useLearnerName } from '../../shell/presenter.tsx';
import classes from './live.module.css';

/** More than fits a screen makes the page heavy, and nobody scrolls further. */
const KEPT = 60;
/** Events that tell a result. */
const SCORED: ReadonlySet<string> = new Set(['attempt.completed', 'attempt.regraded']);

export function Feed(props: { cohort: string | undefined }) {
  const t = useTranslations('live.feed');
  const { begun } = useLive();
  return (
    <Section title={t('title')}>
      <LiveFeed key={`${props.cohort ?? ''}/${begun}`} cohort={props.cohort} />
    </Section>
  );
}

function LiveFeed(props: { cohort: string | undefined }) {
  const t = useTranslations('live.feed');
  const { state, begun } = useLive();
  const start = $api.useQuery(
    'get',
    '/api/v1/events',
    { params: { query: { latest: KEPT, ...(props.cohort === undefined ? {} : { cohort: props.cohort }) } } },
    {
      // Asked only once the stream stands (or cannot be had): what happens between an answer and the stream would be in neither.
      enabled: begun > 0 || state.status === 'reconnecting',
      refetchOnMount: 'always',
      // The stream tells the rest.
      staleTime: Number.POSITIVE_INFINITY,
      gcTime: 0,
    },
  );
  /** Told by the stream since it is listened to, the newest first; that may be before the start is here. */
  const [told, setTold] = useState<FeedEvent[]>([]);
  const [gathered, setGathered] = useState<FeedEvent[]>([]);
  const reading = useRef(false);

  useLiveMessages((message) => {
    const event = eventOf(message);
    if (event === null) return;
    const add = reading.current ? setGathered : setTold;
    add((before) => [event, ...before].slice(0, KEPT));
  });

  function show() {
    reading.current = false;
    setTold((before) => [...gathered, ...before].slice(0, KEPT));
    setGathered([]);
  }

  // Nobody reads any more: what was gathered comes in.
  const release = useRef(show);
  release.current = show;
  const watchReader = useCallback((element: HTMLUListElement) => {
    const hold = () => {
      reading.current = true;
    };
    const let_go = () => {
      if (!element.matches(':hover') && !element.contains(document.activeElement)) release.current();
    };
    element.addEventListener('pointerenter', hold);
    element.addEventListener('focusin', hold);
    element.addEventListener('pointerleave', let_go);
    element.addEventListener('focusout', let_go);
    return () => {
      element.removeEventListener('pointerenter', hold);
      element.removeEventListener('focusin', hold);
      element.removeEventListener('pointerleave', let_go);
      element.removeEventListener('focusout', let_go);
    };
  }, []);

  const fresh = new Set(told.map(({ id }) => id));
  return (
    <Shown query={start}>
      {({ data }) => {
        const shown = newestFirst(told, data);
        return (
          <div className={classes.feed}>
            {/* Beside the heading: above the rows it would push them away under the pointer. */}
            <div role="status" className={classes.gathered}>
              {gathered.length > 0 && (
                <Button size="compact-sm" variant="light" onClick={show}>
                  {t('new', { count: gathered.length })}
                </Button>
              )}
            </div>
            <ul className={classes.list} ref={watchReader} aria-label={t('list')}>
              {shown.map((event) => (
                <EventRow key={event.id} event={event} isNew={fresh.has(event.id)} />
              ))}
            </ul>
            {shown.length === 0 && <Empty title={t('empty')}>{t('emptyText')}</Empty>}
          </div>
        );
      }}
    </Shown>
  );
}

/** What the stream told, on top of what was there (oldest first, as the API lists it); what the answer knows already, once. */
function newestFirst(told: readonly FeedEvent[], start: readonly FeedEvent[]): FeedEvent[] {
  const known = new Set(start.map(({ id }) => id));
  // The stream goes in the order of the feed: from the first known one on, all of it is in the answer.
  const first = told.findIndex(({ id }) => known.has(id));
  return [...(first === -1 ? told : told.slice(0, first)), ...[...start].reverse()].slice(0, KEPT);
}

function eventOf(message: LiveMessage): FeedEvent | null {
  // Signals bear no cursor, and are no events.
  if (message.id === null || typeof message.data !== 'object' || message.data === null) return null;
  return 'occurredAt' in message.data ? (message.data as FeedEvent) : null;
}

function EventRow({ event, isNew }: { event: FeedEvent; isNew: boolean }) {
  const format = useFormatter();
  return (
    <li className={`${classes.event} ${isNew ? 'gw-new' : ''}`} data-event={event.type}>
      <time className={classes.time} dateTime={event.receivedAt} title={event.occurredAt}>
        {format.dateTime(new Date(event.receivedAt), { hour: '2-digit', minute: '2-digit', second: '2-digit' })}
      </time>
      <span>
        <Sentence event={event} />
      </span>
      <span>
        {/* Tracks and courses have none. */}
        {SCORED.has(event.type) && event.attempt?.percentage != null && <Percent value={event.attempt.percentage} />}{' '}
        <Unverified verification={event.verification} /> <TestMark test={event.attempt?.test === true} />
      </span>
    </li>
  );
}

function Sentence({ event }: { event: FeedEvent }) {
  const t = useTranslations('live.feed');
  const nameOf = useLearnerName();
  const activityName = useActivityName();
  const activity = event.activity === null ? t('unknownActivity') : activityName(event.activity);
  const key = `type.${event.type.replaceAll('.', '_')}` as 'type.other';
  const said = t.has(key)
    ? t(key, { activity, type: event.type, source: event.source?.slug ?? '' } as { type: string })
    : t('type.other', { type: event.type });
  return (
    <>
      {event.learner !== null ? (
        <Link to="/learners/$id" params={{ id: event.learner.id }}>
          {nameOf(event.learner)}
        </Link>
      ) : event.type.startsWith('source.') || event.type.startsWith('endpoint.') ? null : (
        <Text span inherit>
          {t('someone')}
        </Text>
      )}{' '}
      {event.attempt === null ? (
        said
      ) : (
        <Link to="/attempts/$id" params={{ id: event.attempt.id }}>
          {said}
        </Link>
      )}
    </>
  );
}
