/**
 * A sender that does not take its answers. Over a real socket the kernels of both sides hold some 30 MB before the server notices,
 * and then TCP itself stands still, with or without us (tried); so the socket here is a stream whose writes end when told.
 */
import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { BodyRoom } from '../../src/ingest/http/body-room.ts';
import { FrontConnection } from '../../src/ingest/http/front-connection.ts';

it('is not read until it takes them, and then from where it was left', async () => {
  const written: string[] = [];
  let taken: (() => void)[] = [];
  const socket = new Duplex({
    writableHighWaterMark: 1000,
    read() {},
    write(chunk: Buffer, _encoding, done) {
      written.push(chunk.toString());
      taken.push(done);
    },
  });
  const room = new BodyRoom();
  let received = 0;
  new FrontConnection(
    socket as Socket,
    { requestMs: 1000, idleMs: 1000 },
    {
      room,
      receive(call) {
        received += 1;
        call.answer(200, ['Content-Length', '400'], 'x'.repeat(400));
      },
      closed() {},
      handOver() {
        throw new Error('Nothing unusual was sent.');
      },
    },
  );
  const one = 'POST /webhooks/quizapi HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}';
  for (let i = 0; i < 20; i++) {
    socket.push(one);
    await setImmediate();
  }
  // Two answers are over the mark; the others stay with the sender.
  expect(received).toBe(2);
  expect(socket.readableLength).toBe(18 * one.length);
  while (taken.length > 0) {
    const done = taken;
    taken = [];
    for (const take of done) take();
    await setImmediate();
  }
  expect(received).toBe(20);
  expect(written.join('').match(/HTTP\/1\.1 200 OK/g)).toHaveLength(20);
  expect(room.held).toBe(0);
});
