/**
 * Where the bench's deliveries go: takes everything, counts it, holds what comes to /hold/… until it is told to answer. A child
 * process of the bench: tells its port, answers its parent's questions, ends at SIGTERM.
 */
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { KEPT_BODIES, type ReceiverAnswer, type ReceiverQuestion } from '../deliveries/receiver.ts';

let taken = 0;
const held: ServerResponse[] = [];
const bodies: string[] = [];
/** Learner's id on the platform → when their event came. */
const arrivals = new Map<string, number>();

const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    if (request.url?.startsWith('/hold/') === true) {
      held.push(response);
      return;
    }
    taken += 1;
    if (request.url === '/latency') {
      const name = /"externalId":"(lat-\d+)"/.exec(Buffer.concat(chunks).toString())?.[1];
      if (name !== undefined) arrivals.set(name, Date.now());
    } else if (bodies.length < KEPT_BODIES) bodies.push(Buffer.concat(chunks).toString());
    response.writeHead(200, { 'content-type': 'text/plain', 'content-length': 2 }).end('ok');
  });
});

process.on('message', (question: ReceiverQuestion) => {
  if (question === 'release') for (const response of held.splice(0)) response.writeHead(200).end('ok');
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
