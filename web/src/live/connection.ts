/**
 * One stream of /api/v1/live for the page. Unlike EventSource it sees the server's heartbeats (comments), so it knows how
 * fresh it is, and it tells "signed out" from "away". After sleep, a lost connection or a restarted server it resumes after
 * the last event it saw: the server's cursors make that without gap or doubles.
 *
 *   idle ──open──▶ connecting ──head──▶ live ──silence, end, failure──▶ reconnecting ──head──▶ live
 *   any state ──close──▶ idle;  401 ──▶ idle, and `onSignedOut`
 */
import { createParser } from 'eventsource-parser';

/** The server sends a comment at least every 15 s; twice that without a byte means that the connection is dead. */
const SILENCE_MS = 32_000;
/** The first pause before a new try; doubled up to the longest. */
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 15_000;

export interface LiveMessage {
  /** The event's type, or a signal such as `attention` or `reset`. */
  type: string;
  /** The cursor; null for signals that are no events of the feed. */
  id: string | null;
  data: unknown;
}

export type LiveStatus = 'idle' | 'connecting' | 'live' | 'reconnecting';

export interface LiveState {
  status: LiveStatus;
  /** When the last byte came, in milliseconds since 1970; null before the first. */
  lastSeenAt: number | null;
}

export interface LiveConnection {
  state(): LiveState;
  close(): void;
}

export interface LiveHandlers {
  /** Everything from now on is told, but nothing of what was before: what is shown must be asked for anew. */
  onBegin?(): void;
  onMessage(message: LiveMessage): void;
  onState(state: LiveState): void;
  onSignedOut(): void;
}

/** Opens the stream at `url` (a path of this server) and keeps it open. */
export function openLive(url: string, handlers: LiveHandlers): LiveConnection {
  let state: LiveState = { status: 'connecting', lastSeenAt: null };
  let cursor: string | null = null;
  let pause = FIRST_PAUSE_MS;
  let stopped = false;
  let abort = new AbortController();
  let silence: ReturnType<typeof setTimeout> | undefined;
  let next: ReturnType<typeof setTimeout> | undefined;

  function set(change: Partial<LiveState>) {
    const status = change.status ?? state.status;
    const changed = status !== state.status;
    state = { ...state, ...change };
    if (changed || change.lastSeenAt !== undefined) handlers.onState(state);
  }

  function heard() {
    clearTimeout(silence);
    silence = setTimeout(() => abort.abort(), SILENCE_MS);
    set({ status: 'live', lastSeenAt: Date.now() });
  }

  async function run() {
    next = undefined;
    abort = new AbortController();
    try {
      silence = setTimeout(() => abort.abort(), SILENCE_MS);
      const response = await fetch(url, {
        headers: { accept: 'text/event-stream', ...(cursor === null ? {} : { 'last-event-id': cursor }) },
        credentials: 'same-origin',
        cache: 'no-store',
        signal: abort.signal,
      });
      if (response.status === 401) {
        stop();
        handlers.onSignedOut();
        return;
      }
      if (!response.ok || response.body === null) throw new Error(`The stream answered ${response.status}.`);
      if (cursor === null) handlers.onBegin?.();
      heard();
      pause = FIRST_PAUSE_MS;
      const parser = createParser({
        // The head and the heartbeats bear one without an event: a page that heard of none yet resumes all the same.
        onId(id) {
          cursor = id;
        },
        onEvent(event) {
          // The server could not go on where the last stream ended.
          if (event.event === 'reset') handlers.onBegin?.();
          handlers.onMessage({ type: event.event ?? 'message', id: event.id ?? null, data: parse(event.data) });
        },
      });
      const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
      for (;;) {
        const { done, value } = await reader.read();
        if (done) break;
        heard();
        parser.feed(value);
      }
    } catch {
      // Away, cut or silent: all the same, it is tried again.
    } finally {
      clearTimeout(silence);
      if (!stopped) {
        set({ status: 'reconnecting' });
        next = setTimeout(() => void run(), pause);
        pause = Math.min(pause * 2, LONGEST_PAUSE_MS);
      }
    }
  }

  /** The network is back, or the page is looked at again: no reason to wait any longer. */
  function hurry() {
    // Without a pause to cut short, a try is under way: a second one would tell everything twice.
    if (stopped || next === undefined) return;
    clearTimeout(next);
    pause = FIRST_PAUSE_MS;
    void run();
  }

  function wake() {
    // Timers stand still while a machine sleeps, so the silence may be longer than what they measured.
    if (state.status === 'live' && Date.now() - (state.lastSeenAt ?? 0) > SILENCE_MS) abort.abort();
    else hurry();
  }

  function stop() {
    stopped = true;
    clearTimeout(silence);
    clearTimeout(next);
    window.removeEventListener('online', hurry);
    document.removeEventListener('visibilitychange', wake);
    set({ status: 'idle' });
    abort.abort();
  }

  window.addEventListener('online', hurry);
  document.addEventListener('visibilitychange', wake);
  void run();
  return { state: () => state, close: stop };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
