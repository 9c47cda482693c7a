/**
 * A stream of server-sent events over one HTTP answer. What waits for a client is bounded by the socket's high-water mark
 * (64 KiB) and one write: writers ask `ready()` before they make more, and a client that takes nothing for a while is cut.
 */
import type { ServerResponse } from 'node:http';

/** EventSource's pause before it reconnects; long enough that a restart is not met by everybody at once, short for people. */
const RETRY_MS = 2_000;

/** What a client may still take of a stream that ends; one that takes nothing must not hold up a shutdown. */
const END_MS = 1_000;

export interface SseStream {
  readonly closed: boolean;
  /** Sends frames made by `sseFrame`. Ask `ready()` before making more. */
  write(frames: readonly Uint8Array[]): void;
  /** A comment, which keeps proxies and clients from giving up, with the cursor to resume from, if there is one. */
  keepAlive(cursor: string | null): void;
  /** true when the client took what was sent; false when it is gone, or was cut because it took nothing for too long. */
  ready(): Promise<boolean>;
  /** Ends the answer; the client may reconnect. */
  end(): void;
  /** Runs once when the stream is over, for whatever reason. */
  onClose(listener: () => void): void;
}

/** Headers that hooks have set already. */
export type AnswerHeaders = Readonly<Record<string, string | number | string[] | undefined>>;

export interface SseOptions {
  headers: AnswerHeaders;
  /** How long a client may take nothing while something waits for it, in milliseconds. */
  stallMs: number;
  /** Told when a client is cut. */
  onCut(): void;
}

/** One message: `id:`, `event:` (none: `onmessage` fires) and `data:`, which is JSON and so one line. */
export function sseFrame(cursor: string, event: string | null, json: string): Buffer {
  return Buffer.from(`id: ${cursor}\n${event === null ? '' : `event: ${event}\n`}data: ${json}\n\n`);
}

function idLine(cursor: string | null): string {
  return cursor === null ? '' : `id: ${cursor}\n`;
}

/** Sends the head and the first comment at once, so that EventSource opens before anything happens. */
export function openSse(response: ServerResponse, cursor: string | null, options: SseOptions): SseStream {
  let closed = response.destroyed || response.writableEnded;
  let taken: (() => void) | null = null;
  const listeners: (() => void)[] = [];
  const over = () => {
    if (closed) return;
    closed = true;
    taken?.();
    for (const listener of listeners.splice(0)) listener();
  };
  // Both, because a destroyed socket does not always reach the answer as `close` once it was ended.
  response.on('close', over);
  response.on('error', over);
  response.on('drain', () => taken?.());

  if (!closed) {
    for (const [name, value] of Object.entries(options.headers))
      if (value !== undefined) response.setHeader(name, value);
    response.writeHead(200, {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-cache, no-store, no-transform',
      // nginx would hold the stream back until its buffer is full.
      'x-accel-buffering': 'no',
    });
    response.socket?.setNoDelay(true);
    // The cursor without data dispatches nothing, but is what EventSource resumes from if it breaks before the first message.
    response.write(`: connected\nretry: ${RETRY_MS}\n${idLine(cursor)}\n`);
  }

  /** Waits until the buffer is empty, the client is gone, or `stallMs` passed. */
  function drained(): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        if (!closed) {
          options.onCut();
          response.destroy();
          over();
        }
      }, options.stallMs);
      taken = () => {
        taken = null;
        clearTimeout(timer);
        resolve();
      };
    });
  }

  return {
    get closed() {
      return closed;
    },
    write(frames) {
      const [first] = frames;
      if (closed || first === undefined) return;
      // One write is one chunk and one system call; frames are shared between clients and must not be copied for nothing.
      response.write(frames.length === 1 ? first : Buffer.concat(frames));
    },
    keepAlive(cursor) {
      // A client that is behind already has something to read.
      if (!closed && response.writableLength === 0) response.write(`: keep-alive\n${idLine(cursor)}\n`);
    },
    async ready() {
      if (!closed && response.writableNeedDrain) await drained();
      return !closed;
    },
    end() {
      if (closed) return;
      const { socket } = response;
      const late = setTimeout(() => response.destroy(), END_MS);
      response.on('close', () => clearTimeout(late));
      // The connection has no further use, and an idle one would hold up a shutdown.
      response.end(() => socket?.end());
      over();
    },
    onClose(listener) {
      if (closed) listener();
      else listeners.push(listener);
    },
  };
}
