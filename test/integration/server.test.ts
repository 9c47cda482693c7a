/** The real server from outside: two of them on one database, the drain, and input that nobody should send. */
import { createHmac } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../helpers/database.ts';
import { startLoad } from '../helpers/load.ts';
import { ADMIN_KEY, type RealServer, startRealServer } from '../helpers/server.ts';

const SECRET = 'the secret of the quiz platform';
let database: TestDatabase;
let one: RealServer;
let two: RealServer;

beforeAll(async () => {
  database = await createTestDatabase();
  const env = { DATABASE_URL: database.url, QUIZAPI_WEBHOOK_SECRET: SECRET };
  // At once, on a new database: both find no source `quizapi` and are held where they make it. Neither may end for that.
  let starting: Promise<[RealServer, RealServer]> | undefined;
  await database.db.transaction(async (tx) => {
    await tx.query('LOCK TABLE source_slugs IN EXCLUSIVE MODE');
    starting = Promise.all([startRealServer(env), startRealServer(env)]);
    // Seen below, where it is awaited.
    starting.catch(() => {});
    const waiting = `SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`;
    await until(
      // Not on the connection that holds the lock: within a transaction the view does not change.
      () => database.db.query(waiting),
      (rows) => rows.length === 2,
    );
  });
  if (starting !== undefined) [one, two] = await starting;
}, 120_000);
afterAll(async () => {
  await one?.stop();
  await two?.stop();
  await database?.drop();
});

async function post(server: RealServer, body: string | Buffer, type = 'application/json') {
  const signature = createHmac('sha256', SECRET).update(body).digest('hex');
  const response = await fetch(`${server.url}/webhooks/quizapi`, {
    method: 'POST',
    headers: { 'content-type': type, 'x-quizapi-signature': `sha256=${signature}` },
    body: new Uint8Array(Buffer.from(body)),
  });
  return {
    status: response.status,
    answer: (await response.json()) as { id?: string; error?: string; message?: string },
  };
}

function completion(user: string, over: Record<string, unknown> = {}, top: Record<string, unknown> = {}): string {
  const data = {
    userId: user,
    quizId: 'quiz_1',
    quizTitle: 'Quiz',
    score: 8,
    totalQuestions: 10,
    percentage: 80,
    timeSpentSeconds: 60,
    answers: [],
    ...over,
  };
  return JSON.stringify({ event: 'quiz.completed', timestamp: '2026-04-08T14:30:00Z', data, ...top });
}

async function until<T>(look: () => Promise<T>, good: (value: T) => boolean): Promise<T> {
  const deadline = Date.now() + 30_000;
  for (;;) {
    const value = await look();
    if (good(value)) return value;
    if (Date.now() > deadline) throw new Error(`It did not come to pass; last seen: ${JSON.stringify(value)}`);
    await sleep(20);
  }
}

/** Ids of the events a stream has brought, in order. */
async function openStream(server: RealServer, lastEventId?: string) {
  const stop = new AbortController();
  const response = await fetch(`${server.url}/api/v1/live`, {
    headers: {
      authorization: `Bearer ${ADMIN_KEY}`,
      ...(lastEventId === undefined ? {} : { 'last-event-id': lastEventId }),
    },
    signal: stop.signal,
  });
  const seen: { cursor: string; receiptId: string }[] = [];
  const reading = (async () => {
    let text = '';
    const decoder = new TextDecoder();
    try {
      for await (const chunk of response.body ?? []) {
        text += decoder.decode(chunk, { stream: true });
        const frames = text.split('\n\n');
        text = frames.pop() ?? '';
        for (const frame of frames) {
          const data = /^data: (.*)$/m.exec(frame)?.[1];
          if (data === undefined) continue;
          const event = JSON.parse(data) as { receiptId: string };
          seen.push({ cursor: /^id: (.*)$/m.exec(frame)?.[1] ?? '', receiptId: event.receiptId });
        }
      }
    } catch {
      // Aborted below.
    }
  })();
  return {
    seen,
    async close() {
      stop.abort();
      await reading;
    },
  };
}

describe('two servers on one database', () => {
  it('bring a webhook taken by one to a stream of the other: none missed, none doubled', async () => {
    const streams = [await openStream(one), await openStream(two)];
    const ids: string[] = [];
    await Promise.all(
      Array.from({ length: 12 }, async (_, lane) => {
        for (let i = 0; i < 25; i++) {
          const { status, answer } = await post((lane + i) % 2 === 0 ? one : two, completion(`live_${lane}_${i}`));
          expect(status).toBe(200);
          ids.push(answer.id ?? '');
        }
      }),
    );
    for (const stream of streams) {
      await until(
        async () => stream.seen.length,
        (n) => n >= ids.length,
      );
      expect(stream.seen.map((event) => event.receiptId).sort()).toEqual([...ids].sort());
      await stream.close();
    }
    expect(streams[0]?.seen).toEqual(streams[1]?.seen);

    // Resumed in the middle, on the other server: exactly the rest.
    const middle = streams[0]?.seen[149];
    const resumed = await openStream(two, middle?.cursor);
    await until(
      async () => resumed.seen.length,
      (n) => n >= ids.length - 150,
    );
    expect(resumed.seen).toEqual(streams[0]?.seen.slice(150));
    await resumed.close();
  });

  it('take the same webhook at once and store it once', async () => {
    const body = completion('twice');
    const answers = await Promise.all(Array.from({ length: 20 }, (_, i) => post(i % 2 === 0 ? one : two, body)));
    expect(new Set(answers.map(({ answer }) => answer.id)).size).toBe(1);
    expect(answers.every(({ status }) => status === 200)).toBe(true);
    const id = answers[0]?.answer.id;
    const receipt = await until(
      () => one.get<{ status: string; duplicates: number; events: unknown[] }>(`/api/v1/receipts/${id}`),
      ({ status }) => status === 'processed',
    );
    expect(receipt).toMatchObject({ duplicates: 19 });
    expect(receipt.events).toHaveLength(1);
  });
});

describe('SIGTERM', () => {
  it('drains: what was accepted is stored, the exit code is 0', async () => {
    const load = startLoad(`${two.url}/webhooks/quizapi`, SECRET, 8);
    await until(
      async () => load.acknowledged.length,
      (n) => n > 50,
    );
    expect(await two.stop()).toBe(0);
    await load.stop();
    const stored = await database.db.query<{ id: string }>(
      `SELECT 'rcp_' || encode(substring(key FOR 16), 'hex') AS id FROM receipts`,
    );
    const ids = new Set(stored.map((row) => row.id));
    expect(load.acknowledged.filter((id) => !ids.has(id))).toEqual([]);
    await two.start();
  });
});

describe('bad input', () => {
  const deep = (n: number) => `${'['.repeat(n)}${']'.repeat(n)}`;
  const refused: [string, string | Buffer, number, string][] = [
    ['truncated JSON', completion('bad').slice(0, 40), 400, 'malformed_json'],
    ['nothing', '', 400, 'malformed_json'],
    ['2 MiB', completion('bad', { quizTitle: 'x'.repeat(2 * 1024 * 1024) }), 413, 'payload_too_large'],
    [
      'invalid UTF-8',
      Buffer.concat([Buffer.from('{"event":"'), Buffer.from([0xc3, 0x28]), Buffer.from('"}')]),
      400,
      'malformed_json',
    ],
    ['half a MiB of open brackets', '['.repeat(500_000), 400, 'malformed_json'],
  ];
  it.each(refused)('%s is refused with a sentence', async (_, body, status, error) => {
    const { status: got, answer } = await post(one, body);
    expect([got, answer.error]).toEqual([status, error]);
    expect(answer.message).toMatch(/^[A-Z].+\.$/);
  });

  const stored: [string, string, string[]][] = [
    ['a wrong type', completion('b1', { userId: { a: 1 } }), ['failed']],
    ['a list instead of an object', '[1,2,3]', ['failed', 'unmapped']],
    ['deep nesting', `{"event":"quiz.completed","timestamp":"2026-04-08T14:30:00Z","data":${deep(5000)}}`, ['failed']],
    [
      'duplicate keys',
      '{"event":"quiz.started","event":"quiz.created","timestamp":"2026-04-08T14:30:00Z","data":{}}',
      ['ignored'],
    ],
    [
      '__proto__',
      '{"__proto__":{"event":"quiz.completed"},"constructor":{"prototype":1},"event":"quiz.new"}',
      ['unmapped', 'failed'],
    ],
    ['an absurd date', completion('b2', {}, { timestamp: '9999-99-99T99:99:99Z' }), ['failed']],
    ['a date of another age', completion('b3', {}, { timestamp: '0001-01-01T00:00:00Z' }), ['failed']],
    ['an absurd number', completion('b4').replace('"score":8', '"score":1e999'), ['failed', 'processed']],
    ['a null byte in a string', completion('b5\u0000x', { quizTitle: 'nul\u0000nul' }), ['processed', 'failed']],
    ['a lone surrogate in a string', completion('b6').replace('"Quiz"', '"\\ud800 lone"'), ['processed']],
    ['nulls everywhere', '{"event":"quiz.completed","timestamp":null,"data":null}', ['failed']],
  ];
  it.each(stored)('%s is stored and ends in a status with a reason', async (_, body, statuses) => {
    const { status, answer } = await post(one, body);
    expect(status).toBe(200);
    const receipt = await until(
      () => one.get<{ status: string; error: string | null; body: string }>(`/api/v1/receipts/${answer.id}`),
      (r) => r.status !== 'pending',
    );
    expect(statuses).toContain(receipt.status);
    if (receipt.status === 'failed') expect(receipt.error).toMatch(/\S+ \S+ .*\.$/);
  });

  it('leaves the server up and loses nothing else', async () => {
    const { answer } = await post(one, completion('after'));
    await until(
      () => one.get<{ status: string }>(`/api/v1/receipts/${answer.id}`),
      (r) => r.status === 'processed',
    );
    expect(one.process().exitCode).toBeNull();
  });
});
