import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, test } from 'vitest';
import { closedLoop } from '../../bench/load/closed-loop.ts';
import { openLoop } from '../../bench/load/open-loop.ts';
import { percentiles } from '../../bench/load/percentiles.ts';
import { makeRequests } from '../../bench/load/requests.ts';
import { ADAPTERS } from '../../src/adapters/registry.ts';

const SECRET = 'a secret of at least thirty-two characters';
const TRAFFIC = { run: 'test', learners: 20, quizzes: 5, count: 300 };
const TARGET = { host: '127.0.0.1', port: 8080, path: '/webhooks/quizapi', secret: SECRET };

describe('the requests of the load generator', () => {
  const requests = makeRequests(TARGET, TRAFFIC);
  const texts = Array.from({ length: requests.count }, (_, i) => requests.at(i).toString());
  const bodyOf = (text: string) => text.slice(text.indexOf('\r\n\r\n') + 4);

  test('are genuine to the adapter, each a completion with ten answers, no two alike', () => {
    for (const text of texts) {
      const body = Buffer.from(bodyOf(text));
      const headers = Object.fromEntries(
        text
          .slice(0, text.indexOf('\r\n\r\n'))
          .split('\r\n')
          .slice(1)
          .map((line) => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 2)]),
      );
      expect(Number(headers['content-length'])).toBe(body.length);
      const secrets = { secrets: [SECRET], publicKey: null, basicAuth: [] };
      expect(ADAPTERS.quizapi.verify({ headers, body, receivedAt: Date.now() }, secrets)).toMatchObject({ ok: true });
      const { event, timestamp, data } = JSON.parse(body.toString());
      expect(event).toBe('quiz.completed');
      expect(data.answers).toHaveLength(10);
      expect(data.answers.filter((answer: { correct: boolean }) => answer.correct)).toHaveLength(data.score);
      expect(Date.parse(timestamp)).toBeLessThan(Date.now());
    }
    expect(new Set(texts.map(bodyOf)).size).toBe(texts.length);
  });

  test('are found again by the time in their body', () => {
    const { timestamp } = JSON.parse(bodyOf(texts[42] ?? ''));
    expect(requests.indexOf(Date.parse(timestamp))).toBe(42);
    expect(requests.indexOf(0)).toBe(-1);
  });
});

test('percentiles are those of the values given, unsorted and with room to spare', () => {
  const values = new Float64Array(200);
  for (let i = 0; i < 100; i++) values[i] = 100 - i;
  expect(percentiles(values, 100)).toEqual({ count: 100, p50: 51, p90: 91, p99: 100, max: 100 });
});

describe('the loops', () => {
  /** A server that answers each body once; every seventh request is refused. */
  async function serve(): Promise<{ port: number; bodies: string[]; close(): void }> {
    const bodies: string[] = [];
    const server = createServer((request, response) => {
      let body = '';
      request.setEncoding('utf8').on('data', (text: string) => {
        body += text;
      });
      request.on('end', () => {
        bodies.push(body);
        response.writeHead(bodies.length % 7 === 0 ? 503 : 200, { 'content-length': 2 }).end('{}');
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return { port: (server.address() as AddressInfo).port, bodies, close: () => server.close() };
  }
  const never = new Promise<void>(() => {});

  test('closed: sends each request once over all connections and counts answers by status', async () => {
    const server = await serve();
    const target = { ...TARGET, port: server.port };
    const tally = await closedLoop(
      { kind: 'closed', target, traffic: TRAFFIC, connections: 4, seconds: 60, warmupSeconds: 0 },
      makeRequests(target, TRAFFIC),
      never,
    );
    server.close();
    expect(new Set(server.bodies).size).toBe(300);
    expect(server.bodies).toHaveLength(300);
    expect(tally.refused).toEqual({ 503: 42 });
    expect(tally.result(null)).toMatchObject({ acknowledgedInAll: 258, broken: 0 });
  });

  test('open: counts latency from when a request was due, also when it could not be sent then', async () => {
    const server = await serve();
    const target = { ...TARGET, port: server.port };
    const due: number[] = [];
    const tally = await openLoop(
      { kind: 'open', target, traffic: TRAFFIC, connections: 1, seconds: 0.3, rate: 1_000 },
      makeRequests(target, TRAFFIC),
      never,
      (_, dueAt) => due.push(dueAt),
    );
    server.close();
    expect(server.bodies).toHaveLength(300);
    for (let i = 1; i < due.length; i++) expect((due[i] ?? 0) - (due[i - 1] ?? 0)).toBeCloseTo(1, 6);
    expect(tally.acknowledgedInAll).toBe(258);
  });
});
