/** One keep-alive HTTP/1.1 connection, written by hand so that it costs as little CPU as Node lets it. */

import type { Socket } from 'node:net';
import { connect } from 'node:net';

/** What a connection tells its loop. */
export interface ConnectionEvents {
  /** The answer to the request sent last. */
  answered(connection: Connection, status: number): void;
  /** The connection broke; `due` says whether an answer was awaited. */
  lost(connection: Connection, due: boolean): void;
}

const CONTENT_LENGTH = /\r\ncontent-length: *(\d+)/i;
/** Answers are a few hundred bytes; one read takes them whole. */
const READ_BYTES = 4096;

export class Connection {
  /** The request under way, and when it was due (performance.now()). */
  request = -1;
  dueAt = 0;
  readonly #events: ConnectionEvents;
  readonly #socket: Socket;
  #text = '';

  private constructor(socket: Socket, events: ConnectionEvents) {
    this.#socket = socket;
    this.#events = events;
  }

  /** Connects; rejects when nobody listens. */
  static open(host: string, port: number, events: ConnectionEvents): Promise<Connection> {
    return new Promise((resolve, reject) => {
      const bytes = Buffer.allocUnsafeSlow(READ_BYTES);
      const socket: Socket = connect({
        host,
        port,
        noDelay: true,
        onread: {
          buffer: bytes,
          callback(count) {
            connection.#read(bytes.toString('latin1', 0, count));
            return true;
          },
        },
      });
      const connection = new Connection(socket, events);
      socket.once('connect', () => {
        socket.off('error', reject);
        // 'close' follows each error and tells the loop.
        socket.on('error', () => {});
        socket.once('close', () => events.lost(connection, connection.request !== -1));
        resolve(connection);
      });
      socket.once('error', reject);
    });
  }

  send(request: number, bytes: Buffer, dueAt: number): void {
    this.request = request;
    this.dueAt = dueAt;
    this.#socket.write(bytes);
  }

  close(): void {
    this.#socket.removeAllListeners('close');
    this.#socket.destroy();
  }

  #read(text: string): void {
    this.#text = this.#text === '' ? text : this.#text + text;
    const headEnd = this.#text.indexOf('\r\n\r\n');
    if (headEnd === -1) return;
    const length = CONTENT_LENGTH.exec(this.#text);
    if (length === null) throw new Error('The load generator needs answers with a Content-Length.');
    if (this.#text.length < headEnd + 4 + Number(length[1])) return;
    const status = Number(this.#text.slice(9, 12));
    this.#text = '';
    this.#events.answered(this, status);
  }
}
