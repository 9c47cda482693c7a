import type { IncomingHttpHeaders } from 'node:http';
import type { BodyRoom } from './body-room.ts';
import type { BodyHandlers, Call, FlatHeaders } from './call.ts';
import type { RequestHead } from './request-head.ts';

/** The connection a request came on. */
export interface WayBack {
  answered(status: number, headers: FlatHeaders, body: string, last: boolean): void;
}

/** A request that the front read, body and all; room for it is taken. */
export class FrontCall implements Call {
  readonly method = 'POST';
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  private readonly wayBack: WayBack;
  private readonly room: BodyRoom;
  private readonly body: Buffer;
  private handedOut = false;
  private last = false;

  constructor(wayBack: WayBack, room: BodyRoom, head: RequestHead, body: Buffer) {
    this.wayBack = wayBack;
    this.room = room;
    this.url = head.url;
    this.headers = head.headers;
    this.body = body;
  }

  readBody(handlers: BodyHandlers): void {
    this.handedOut = true;
    handlers.read(this.body);
  }

  answer(status: number, headers: FlatHeaders, body: string): void {
    if (!this.handedOut) this.room.free(this.body.byteLength);
    this.wayBack.answered(status, headers, body, this.last);
  }

  beLast(): void {
    this.last = true;
  }
}
