/**
 * The yardstick `bare`: what Node's own HTTP server does at most with these webhooks. It reads, verifies, parses and
 * answers; it stores nothing. A child process of the bench: tells its port, ends at SIGTERM.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

const secret = process.env.QUIZAPI_WEBHOOK_SECRET ?? '';
const OK = '{"received":true}';
const REFUSED = '{"error":"invalid_signature"}';

const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    const [first = Buffer.alloc(0)] = chunks;
    const body = chunks.length === 1 ? first : Buffer.concat(chunks);
    const signature = request.headers['x-quizapi-signature'];
    const expected = createHmac('sha256', secret).update(body).digest();
    const received = Buffer.from(typeof signature === 'string' ? signature.slice(7) : '', 'hex');
    const good = received.byteLength === expected.byteLength && timingSafeEqual(received, expected);
    const event: unknown = good ? JSON.parse(body.toString()) : null;
    if (typeof event === 'object' && event !== null && 'event' in event) {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': OK.length }).end(OK);
    } else {
      response.writeHead(401, { 'content-type': 'application/json', 'content-length': REFUSED.length }).end(REFUSED);
    }
  });
});

server.listen(0, '127.0.0.1', () => process.send?.({ port: (server.address() as AddressInfo).port }));
process.once('SIGTERM', () => process.exit(0));
process.once('disconnect', () => process.exit(0));
