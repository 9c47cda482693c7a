import type { IncomingHttpHeaders } from 'node:http';

/** Headers of an answer: name, value, name, value. */
export type FlatHeaders = readonly string[];

export const NO_HEADERS: FlatHeaders = [];

export interface BodyHandlers {
  /** The whole body; `BodyRoom.free` has to be called when the request is answered. */
  read(body: Buffer): void;
  /** Longer than allowed, or no room: nothing more is read, what was read is let go (its first chunk is `head`). */
  refused(why: 'too_large' | 'no_room', head: Buffer, bytes: number): void;
  /** The sender went away before the end. */
  gone(): void;
}

/** One request on an ingest URL and the way back to its sender, whoever reads the connection: node:http or the front. */
export interface Call {
  readonly method: string;
  /** As in the request line. */
  readonly url: string;
  /** As node:http tells them: names in lower case. */
  readonly headers: IncomingHttpHeaders;
  /** Exactly one of the handlers is called, once. */
  readBody(handlers: BodyHandlers): void;
  /** Answers, once; a body nobody read is no hindrance. Nothing is thrown when the sender is gone. */
  answer(status: number, headers: FlatHeaders, body: string): void;
  /** The connection is to end with the answer. */
  beLast(): void;
}
