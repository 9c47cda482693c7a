/** A client of server-sent events that reads as the standard says (HTML, 9.2.6), and remembers everything. */
import { type ClientRequest, type IncomingMessage, request } from 'node:http';
import { until } from './until.ts';

export interface SseMessage {
  id: string;
  event: string;
  data: string;
}

export interface SseClient {
  status: number;
  headers: IncomingMessage['headers'];
  /** Messages in the order they came. */
  messages: SseMessage[];
  comments: string[];
  /** What EventSource would send as Last-Event-ID. */
  lastId(): string;
  /** Whether the server ended the stream, or the connection broke. */
  ended(): boolean;
  /** Waits until there are at least `count` messages, and gives them. */
  atLeast(count: number): Promise<SseMessage[]>;
  /** Goes away without a word, as a closed laptop does. */
  close(): void;
}

export interface SseClientOptions {
  headers?: Record<string, string>;
  lastEventId?: string;
  /** Leaves after this many messages, in the middle of whatever comes. */
  leaveAfter?: number;
}

/** Connects and waits for the head. */
export async function openSseClient(url: string, options: SseClientOptions = {}): Promise<SseClient> {
  const headers = {
    accept: 'text/event-stream',
    ...options.headers,
    ...(options.lastEventId === undefined ? {} : { 'last-event-id': options.lastEventId }),
  };
  const messages: SseMessage[] = [];
  const comments: string[] = [];
  let lastId = options.lastEventId ?? '';
  let ended = false;
  let left = false;
  const { response, outgoing } = await connect(url, headers);
  const leave = () => {
    left = true;
    ended = true;
    outgoing.destroy();
  };
  response.setEncoding('utf8');
  let rest = '';
  let event = '';
  let data: string[] = [];
  const line = (text: string) => {
    if (text === '') {
      if (data.length > 0)
        messages.push({ id: lastId, event: event === '' ? 'message' : event, data: data.join('\n') });
      event = '';
      data = [];
      if (messages.length === options.leaveAfter) leave();
      return;
    }
    const colon = text.indexOf(':');
    const field = colon === -1 ? text : text.slice(0, colon);
    const value = colon === -1 ? '' : text.slice(colon + 1).replace(/^ /, '');
    if (field === '') comments.push(value);
    else if (field === 'id') lastId = value;
    else if (field === 'event') event = value;
    else if (field === 'data') data.push(value);
  };
  response.on('data', (chunk: string) => {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    for (const text of lines) if (!left) line(text);
  });
  const over = () => {
    ended = true;
  };
  response.on('end', over);
  response.on('close', over);
  response.on('error', over);
  return {
    status: response.statusCode ?? 0,
    headers: response.headers,
    messages,
    comments,
    lastId: () => lastId,
    ended: () => ended,
    async atLeast(count) {
      await until(`${count} messages of a stream`, () => messages.length >= count);
      return messages;
    },
    close: leave,
  };
}

function connect(
  url: string,
  headers: Record<string, string>,
): Promise<{ response: IncomingMessage; outgoing: ClientRequest }> {
  return new Promise((resolve, reject) => {
    // A connection of its own, as each stream of a browser has.
    const outgoing = request(url, { headers, agent: false });
    outgoing.on('error', reject);
    outgoing.on('response', (response) => resolve({ response, outgoing }));
    outgoing.end();
  });
}
