import type { IncomingMessage } from 'node:http';

/** The contract's limit: more than this is a 413. */
export const MOST_BODY_BYTES = 1024 * 1024;
/**
 * Bodies in memory over all requests, read and not answered yet; beyond it requests are sent away with 503, which senders
 * repeat, instead of growing until the process dies with all of them.
 */
const MOST_BYTES_IN_FLIGHT = 64 * 1024 * 1024;
/** What a request costs besides its body. */
const REQUEST_BYTES = 2048;

export interface BodyHandlers {
  /** The whole body; `release` has to be called when the request is answered. */
  read(body: Buffer): void;
  /** Longer than allowed, or no room: nothing more is read, what was read is let go (its first chunk is `head`). */
  refused(why: 'too_large' | 'no_room', head: Buffer, bytes: number): void;
  /** The sender went away before the end. */
  gone(): void;
}

const EMPTY = Buffer.alloc(0);

/** Reads bodies and keeps account of the bytes that are in memory. */
export class BodyReader {
  /** Bytes held now. */
  held = 0;

  /** Exactly one of the handlers is called, once; after `read` the caller owes `release(body)`. */
  read(req: IncomingMessage, handlers: BodyHandlers): void {
    if (this.held + REQUEST_BYTES > MOST_BYTES_IN_FLIGHT) {
      handlers.refused('no_room', EMPTY, 0);
      return;
    }
    let first: Buffer | null = null;
    let others: Buffer[] | null = null;
    let bytes = 0;
    let open = true;
    this.held += REQUEST_BYTES;
    const stop = (why: 'too_large' | 'no_room'): void => {
      open = false;
      this.held -= bytes + REQUEST_BYTES;
      req.off('data', onData);
      handlers.refused(why, first ?? EMPTY, bytes);
    };
    const onData = (chunk: Buffer): void => {
      bytes += chunk.byteLength;
      this.held += chunk.byteLength;
      if (first === null) first = chunk;
      else if (others === null) others = [first, chunk];
      else others.push(chunk);
      if (bytes > MOST_BODY_BYTES) stop('too_large');
      else if (this.held > MOST_BYTES_IN_FLIGHT) stop('no_room');
    };
    req.on('data', onData);
    req.on('end', () => {
      if (!open) return;
      open = false;
      handlers.read(others === null ? (first ?? EMPTY) : Buffer.concat(others, bytes));
    });
    // Comes after the end too; only a close before it means that the sender went away.
    req.on('close', () => {
      if (!open) return;
      open = false;
      this.held -= bytes + REQUEST_BYTES;
      handlers.gone();
    });
  }

  /** The request of a body that was read is answered. */
  release(body: Buffer): void {
    this.held -= body.byteLength + REQUEST_BYTES;
  }
}
