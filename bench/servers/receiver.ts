/**
 * Where the bench's deliveries go: takes everything, counts it, holds what comes to /hold/… until it is told to answer. A child
 * process of the bench: tells its port, answers its parent's questions, ends at SIGTERM.
 *
 * It reads no more of HTTP than undici writes, because it shares the machine with whoever is measured: a server of node:http took
 * 43 to 50 µs for each delivery, a sixth of all that sending one costs here, and a receiver elsewhere takes nothing.
 */
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { KEPT_BODIES, type ReceiverAnswer, type ReceiverQuestion } from '../deliveries/receiver.ts';

const ANSWER = Buffer.from('HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\ncontent-length: 2\r\n\r\nok');
const HEAD_ENDS = Buffer.from('\r\n\r\n');
const LENGTH = Buffer.from('\r\ncontent-length: ');

const HOLD = Buffer.from('POST /hold/');
const LATENCY = Buffer.from('POST /latency ');
/** Where a path's first letter stands. */
const LETTER = 'POST /'.length;

let taken = 0;
const held: Socket[] = [];
const bodies: string[] = [];
/** Learner's id on the platform → when their event came. */
const arrivals = new Map<string, number>();

function take(socket: Socket, request: Buffer, bodyAt: number): void {
  if (begins(request, HOLD)) {
    held.push(socket);
    return;
  }
  taken += 1;
  if (begins(request, LATENCY)) {
    const name = /"externalId":"(lat-\d+)"/.exec(request.toString('utf8', bodyAt))?.[1];
    if (name !== undefined) arrivals.set(name, Date.now());
  } else if (bodies.length < KEPT_BODIES) bodies.push(request.toString('utf8', bodyAt));
  socket.write(ANSWER);
}

function begins(request: Buffer, start: Buffer): boolean {
  return request[LETTER] === start[LETTER] && start.compare(request, 0, start.length) === 0;
}

interface Size {
  head: number;
  whole: number;
}

/** The length of the request's head and of all of it, as far as they are there; null: the head is not. */
function measure(request: Buffer): Size | null {
  const head = request.indexOf(HEAD_ENDS);
  const length = request.indexOf(LENGTH);
  if (head < 0) return null;
  if (length < 0 || length > head) throw new Error('undici told no content-length.');
  const digits = request.toString('latin1', length + LENGTH.length, request.indexOf(13, length + LENGTH.length));
  return { head: head + HEAD_ENDS.length, whole: head + HEAD_ENDS.length + Number(digits) };
}

/**
 * The same, for a connection whose last head was `head` long: nearly always the next one ends at the same place, with its
 * content-length, and our bodies, which are JSON, hold no line break that could be taken for its end.
 */
function measureAfter(request: Buffer, head: number): Size | null {
  if (head > 0 && request.length >= head && request.compare(HEAD_ENDS, 0, HEAD_ENDS.length, head - 4, head) === 0) {
    let at = head - HEAD_ENDS.length - 1;
    let length = 0;
    for (let unit = 1; isDigit(request[at]); unit *= 10, at -= 1) length += ((request[at] ?? 0) - 48) * unit;
    const name = at + 1 - LENGTH.length;
    if (name > 0 && request.compare(LENGTH, 0, LENGTH.length, name, at + 1) === 0)
      return { head, whole: head + length };
  }
  return measure(request);
}

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= 48 && byte <= 57;
}

const server = createServer({ noDelay: true }, (socket) => {
  let begun: Buffer | null = null;
  let head = 0;
  socket.on('data', (chunk: Buffer) => {
    let rest = begun === null ? chunk : Buffer.concat([begun, chunk]);
    begun = null;
    while (rest.length > 0) {
      const size = measureAfter(rest, head);
      if (size === null || size.whole > rest.length) {
        begun = rest;
        return;
      }
      head = size.head;
      take(socket, size.whole === rest.length ? rest : rest.subarray(0, size.whole), size.head);
      rest = rest.subarray(size.whole);
    }
  });
  // The sender closes what it no longer needs, at the end also by a reset.
  socket.on('error', () => socket.destroy());
});

process.on('message', (question: ReceiverQuestion) => {
  if (question === 'release') for (const socket of held.splice(0)) socket.write(ANSWER);
  const answer: ReceiverAnswer = {
    taken,
    held: held.length,
    bodies: question === 'bodies' ? bodies : [],
    arrivals: question === 'arrivals' ? [...arrivals] : [],
  };
  process.send?.(answer);
});
server.listen(0, '127.0.0.1', 4096, () => process.send?.({ port: (server.address() as AddressInfo).port }));
process.once('SIGTERM', () => process.exit(0));
process.once('disconnect', () => process.exit(0));
