/**
 * One connection that the front reads.
 *
 *   idle ──head and body──▶ answering ──answered──▶ idle, or ended where the answer is the last
 *    │ └──head──▶ reading ──body──▶ ▲
 *    │               └──late──▶ 408, ended
 *    └──anything unusual──▶ node:http, for good
 */
import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { performance } from 'node:perf_hooks';
import type { BodyRoom } from './body-room.ts';
import type { Call, FlatHeaders } from './call.ts';
import { FrontCall, type WayBack } from './front-call.ts';
import { type RequestHead, readHead } from './request-head.ts';

export interface FrontLimits {
  /** Milliseconds from a head to the end of its body. */
  requestMs: number;
  /** Milliseconds between an answer and the next request. */
  idleMs: number;
}

export interface FrontConnectionParts {
  room: BodyRoom;
  /** A request was read whole; it is answered once, now or later. */
  receive(call: Call): void;
  /** The connection is gone. */
  closed(): void;
  /** node:http takes the socket; what was read of it is put back. */
  handOver(): void;
}

/** What a sender may send ahead of its answers before it is made to wait. */
const MOST_BYTES_AHEAD = 64 * 1024;
const LATE = 'HTTP/1.1 408 Request Timeout\r\nConnection: close\r\n\r\n';
const NO_BODY = 204;

export class FrontConnection implements WayBack {
  private readonly socket: Socket;
  private readonly limits: FrontLimits;
  private readonly parts: FrontConnectionParts;
  private readonly onData = (chunk: Buffer): void => this.take(chunk);
  private readonly onEnd = (): void => this.endWhenIdle();
  private readonly onError = (): void => {};
  private readonly onClose = (): void => this.gone();
  private readonly onDrain = (): void => void this.socket.resume();
  private state: 'idle' | 'reading' | 'answering' | 'ended' = 'idle';
  /** performance.now() of the last change to any of them but answering. */
  private since = performance.now();
  /** The head whose body is being read, what came of it (and of what follows it), and how many bytes that is. */
  private head: RequestHead | null = null;
  private chunks: Buffer[] = [];
  private bytes = 0;
  private last = false;
  private working = false;

  constructor(socket: Socket, limits: FrontLimits, parts: FrontConnectionParts) {
    this.socket = socket;
    this.limits = limits;
    this.parts = parts;
    socket.on('data', this.onData);
    socket.on('end', this.onEnd);
    // 'close' follows.
    socket.on('error', this.onError);
    socket.on('close', this.onClose);
    socket.on('drain', this.onDrain);
  }

  /** Ends the connection now when nothing is under way, else with the next answer. */
  endWhenIdle(): void {
    this.last = true;
    if (this.state === 'idle' || (this.state === 'reading' && this.socket.readableEnded)) this.end();
  }

  endIfLate(now: number): void {
    const { requestMs, idleMs } = this.limits;
    const age = now - this.since;
    if (this.state === 'reading' && age > requestMs) {
      this.socket.write(LATE);
      this.end();
    } else if ((this.state === 'idle' || this.state === 'ended') && age > idleMs) this.socket.destroy();
  }

  destroy(): void {
    this.socket.destroy();
  }

  /** Writes an answer; then the next request is read, or the connection ended. */
  answered(status: number, headers: FlatHeaders, body: string, last: boolean): void {
    const { socket } = this;
    if (this.state !== 'answering') return;
    this.last ||= last;
    this.state = 'idle';
    this.since = performance.now();
    const flows = socket.write(answerText(status, headers, body, this.last ? null : this.limits.idleMs));
    if (this.last) {
      this.end();
      return;
    }
    // A sender that does not take its answers is not read until it does ('drain').
    if (!flows) socket.pause();
    else if (socket.isPaused()) socket.resume();
    this.work();
  }

  private end(): void {
    this.state = 'ended';
    this.since = performance.now();
    this.forget();
    this.socket.destroySoon();
  }

  private take(chunk: Buffer): void {
    if (this.state === 'ended') return;
    this.chunks.push(chunk);
    this.bytes += chunk.byteLength;
    if (this.state !== 'answering') this.work();
    else if (this.bytes > MOST_BYTES_AHEAD) this.socket.pause();
  }

  /** Takes request after request; a loop, because an answer that comes at once would else go ever deeper. */
  private work(): void {
    if (this.working) return;
    this.working = true;
    while (this.bytes > 0 && this.next());
    this.working = false;
  }

  /** Starts or completes a request of what was read; false when there is none yet. */
  private next(): boolean {
    if (this.state === 'idle') return this.begin();
    return this.state === 'reading' && this.complete();
  }

  private begin(): boolean {
    const head = readHead(this.joined());
    // A body there is no room for gets its 503 there too.
    if (head === null || !this.parts.room.take(head.bodyBytes)) {
      this.leave();
      return false;
    }
    this.head = head;
    this.state = 'reading';
    this.since = performance.now();
    return true;
  }

  private complete(): boolean {
    const { head } = this;
    if (head === null) return false;
    const end = head.bodyStart + head.bodyBytes;
    if (this.bytes < end) return false;
    const all = this.joined();
    this.chunks = all.byteLength > end ? [all.subarray(end)] : [];
    this.bytes = all.byteLength - end;
    this.head = null;
    this.state = 'answering';
    this.parts.receive(new FrontCall(this, this.parts.room, head, all.subarray(head.bodyStart, end)));
    return true;
  }

  private joined(): Buffer {
    const [first] = this.chunks;
    const all = this.chunks.length === 1 && first !== undefined ? first : Buffer.concat(this.chunks, this.bytes);
    this.chunks = [all];
    return all;
  }

  private leave(): void {
    const { socket } = this;
    this.state = 'ended';
    socket.off('data', this.onData);
    socket.off('end', this.onEnd);
    socket.off('error', this.onError);
    socket.off('close', this.onClose);
    socket.off('drain', this.onDrain);
    socket.pause();
    socket.unshift(this.joined());
    this.chunks = [];
    this.parts.handOver();
    socket.resume();
  }

  private gone(): void {
    this.state = 'ended';
    this.forget();
    this.parts.closed();
  }

  private forget(): void {
    if (this.head !== null) this.parts.room.free(this.head.bodyBytes);
    this.head = null;
    this.chunks = [];
    this.bytes = 0;
  }
}

let dateSecond = 0;
let date = '';

/** RFC 9110, 6.6.1; made once a second. */
function dateNow(): string {
  const second = Math.floor(Date.now() / 1000);
  if (second !== dateSecond) {
    dateSecond = second;
    date = new Date(second * 1000).toUTCString();
  }
  return date;
}

/** An answer as node:http would write it. `idleMs`: null for the last of a connection. */
function answerText(status: number, headers: FlatHeaders, body: string, idleMs: number | null): string {
  let text = `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n`;
  for (let i = 0; i + 1 < headers.length; i += 2) text += `${headers[i]}: ${headers[i + 1]}\r\n`;
  const ending = idleMs === null ? 'close' : `keep-alive\r\nKeep-Alive: timeout=${Math.floor(idleMs / 1000)}`;
  return `${text}Date: ${dateNow()}\r\nConnection: ${ending}\r\n\r\n${status === NO_BODY ? '' : body}`;
}
