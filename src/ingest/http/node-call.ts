import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import { type BodyRoom, MOST_BODY_BYTES } from './body-room.ts';
import type { BodyHandlers, Call, FlatHeaders } from './call.ts';

/** A refused body is thrown away up to here, so that a client that sends before it reads gets to its answer. */
const LINGER_BYTES = 4 * 1024 * 1024;
const LINGER_MS = 2000;
const EMPTY = Buffer.alloc(0);

/** A request that node:http reads. Slow senders are the business of its `requestTimeout` and `headersTimeout`. */
export class NodeCall implements Call {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  private readonly req: IncomingMessage;
  private readonly res: ServerResponse;
  private readonly room: BodyRoom;
  private bodyRead = false;

  constructor(req: IncomingMessage, res: ServerResponse, room: BodyRoom) {
    this.method = req.method ?? '';
    this.url = req.url ?? '';
    this.headers = req.headers;
    this.req = req;
    this.res = res;
    this.room = room;
  }

  readBody(handlers: BodyHandlers): void {
    const { req, room } = this;
    // The sender went away while its source was looked up: no event would come any more.
    if (req.destroyed) {
      handlers.gone();
      return;
    }
    if (!room.take(0)) {
      handlers.refused('no_room', EMPTY, 0);
      return;
    }
    let first: Buffer | null = null;
    let others: Buffer[] | null = null;
    let bytes = 0;
    let open = true;
    const stop = (why: 'too_large' | 'no_room'): void => {
      open = false;
      room.free(bytes);
      req.off('data', onData);
      handlers.refused(why, first ?? EMPTY, bytes);
    };
    const onData = (chunk: Buffer): void => {
      bytes += chunk.byteLength;
      const fits = room.grow(chunk.byteLength);
      if (first === null) first = chunk;
      else if (others === null) others = [first, chunk];
      else others.push(chunk);
      if (bytes > MOST_BODY_BYTES) stop('too_large');
      else if (!fits) stop('no_room');
    };
    req.on('data', onData);
    req.on('end', () => {
      if (!open) return;
      open = false;
      this.bodyRead = true;
      handlers.read(others === null ? (first ?? EMPTY) : Buffer.concat(others, bytes));
    });
    // Comes after the end too; only a close before it means that the sender went away.
    req.on('close', () => {
      if (!open) return;
      open = false;
      room.free(bytes);
      handlers.gone();
    });
  }

  /**
   * Of a body that nobody read, Node reads up to 1 MiB and throws it away, and the connection lives on. Is it longer, or of
   * unknown length: answers at once, hears the sender out for a while, and hangs up. Not at once, because closing a socket on
   * unread bytes resets the connection and takes the answer along.
   */
  answer(status: number, headers: FlatHeaders, body: string): void {
    const { req, res } = this;
    const announced = Number(req.headers['content-length'] ?? 0);
    if (this.bodyRead || (req.headers['transfer-encoding'] === undefined && announced <= MOST_BODY_BYTES)) {
      // writeHead only reads the list; its type does not say so.
      res.writeHead(status, headers as string[]);
      res.end(body);
      return;
    }
    res.writeHead(status, [...headers, 'Connection', 'close']);
    res.write(body);
    let thrownAway = 0;
    const hangUp = (): void => {
      clearTimeout(timer);
      res.end();
    };
    const timer = setTimeout(hangUp, LINGER_MS);
    req.on('data', (chunk: Buffer) => {
      thrownAway += chunk.byteLength;
      if (thrownAway > LINGER_BYTES) hangUp();
    });
    req.on('end', hangUp);
    req.on('close', hangUp);
    req.resume();
  }

  beLast(): void {
    this.res.shouldKeepAlive = false;
  }
}
