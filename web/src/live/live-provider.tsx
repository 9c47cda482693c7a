/**
 * The live stream of the page, narrowed to the class that is chosen: who wants to hear of events subscribes, and queries
 * whose figures an event changes are asked again, at most once a second; so they are when the stream begins or goes on, since
 * what happened between their answers and that is not told.
 */
import { useQueryClient } from '@tanstack/react-query';
import { createContext, type ReactNode, useCallback, useContext, useEffect, useMemo, useRef, useState } from 'react';
import { apiUrl } from '../api/download.ts';
import { refresh } from '../api/refresh.ts';
import { type LiveMessage, type LiveState, openLive } from './connection.ts';

/** Asks for changed figures together, so that a class that answers at once does not make a request a click. */
const REFRESH_MS = 1_000;

interface Live {
  state: LiveState;
  /** How often the stream of this class began without going on from another; what was asked for before the last time may lack events. */
  begun: number;
  paused: boolean;
  setPaused(paused: boolean): void;
  /** Hears of every message while the page is not paused, and of those held back when it goes on; returns how to stop. */
  subscribe(listener: (message: LiveMessage) => void): () => void;
  /** Messages held back while paused. */
  waiting: number;
}

const LiveContext = createContext<Live | null>(null);

/** The stream. Only within LiveProvider. */
export function useLive(): Live {
  const live = useContext(LiveContext);
  if (live === null) throw new Error('useLive needs a LiveProvider above it.');
  return live;
}

/** Calls `listener` with every live message; it may change from render to render. */
export function useLiveMessages(listener: (message: LiveMessage) => void): void {
  const { subscribe } = useLive();
  const latest = useRef(listener);
  latest.current = listener;
  useEffect(() => subscribe((message) => latest.current(message)), [subscribe]);
}

/** Which answers an event makes old: by the paths of the API that show it. */
const CHANGED_BY_EVENTS = [
  '/api/v1/running',
  '/api/v1/attention',
  '/api/v1/overview',
  '/api/v1/attempts',
  '/api/v1/learners',
  '/api/v1/activities',
  '/api/v1/receipts',
  '/api/v1/sources/{id}/health',
];

export function LiveProvider(props: { cohort: string | undefined; onSignedOut(): void; children: ReactNode }) {
  const { cohort, onSignedOut } = props;
  const queries = useQueryClient();
  const [state, setState] = useState<LiveState>({ status: 'connecting', lastSeenAt: null });
  const [began, setBegan] = useState<{ cohort: string | undefined; times: number }>({ cohort, times: 0 });
  const begun = began.cohort === cohort ? began.times : 0;
  const [paused, setPausedState] = useState(false);
  const [waiting, setWaiting] = useState(0);
  const pausedRef = useRef(false);
  const held = useRef<LiveMessage[]>([]);
  const listeners = useRef(new Set<(message: LiveMessage) => void>());
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);

  const refreshSoon = useCallback(() => {
    timer.current ??= setTimeout(() => {
      timer.current = undefined;
      refresh(queries, ...CHANGED_BY_EVENTS);
    }, REFRESH_MS);
  }, [queries]);

  const deliver = useCallback(
    (message: LiveMessage) => {
      for (const listener of listeners.current) listener(message);
      refreshSoon();
    },
    [refreshSoon],
  );

  useEffect(() => {
    let listens = false;
    const connection = openLive(apiUrl('/api/v1/live', { cohort, notices: 'true' }), {
      onBegin() {
        setBegan((before) => ({ cohort, times: before.cohort === cohort ? before.times + 1 : 1 }));
      },
      onMessage(message) {
        if (!pausedRef.current) return deliver(message);
        held.current.push(message);
        setWaiting(held.current.length);
      },
      onState(next) {
        if (next.status === 'live' && !listens && !pausedRef.current) refreshSoon();
        listens = next.status === 'live';
        setState(next);
      },
      onSignedOut,
    });
    return () => {
      connection.close();
      clearTimeout(timer.current);
      timer.current = undefined;
    };
  }, [cohort, deliver, onSignedOut, refreshSoon]);

  const setPaused = useCallback(
    (next: boolean) => {
      pausedRef.current = next;
      setPausedState(next);
      if (next) return;
      for (const message of held.current.splice(0)) deliver(message);
      // Also where none was held: the stream may have broken and begun meanwhile.
      refreshSoon();
      setWaiting(0);
    },
    [deliver, refreshSoon],
  );

  const subscribe = useCallback((listener: (message: LiveMessage) => void) => {
    listeners.current.add(listener);
    return () => void listeners.current.delete(listener);
  }, []);

  const live = useMemo(
    () => ({ state, begun, paused, setPaused, subscribe, waiting }),
    [state, begun, paused, setPaused, subscribe, waiting],
  );
  return <LiveContext value={live}>{props.children}</LiveContext>;
}
