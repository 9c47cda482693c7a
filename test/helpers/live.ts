/** Servers with live streams on a test database, and a small class whose events tests append to the feed. */
import type { AddressInfo } from 'node:net';
import { pino } from 'pino';
import { Registry } from 'prom-client';
import { createAccounts } from '../../src/accounts/auth.ts';
import { secretBox } from '../../src/core/encryption.ts';
import { hashParts, hashUuid, newUuid, publicId, type Uuid } from '../../src/core/ids.ts';
import { fromMillis } from '../../src/core/time.ts';
import type { Database, Queryable } from '../../src/db/database.ts';
import { openDatabase } from '../../src/db/database.ts';
import { guardedHttp } from '../../src/delivery/http/client.ts';
import { buildApp } from '../../src/http/app.ts';
import type { App } from '../../src/http/context.ts';
import { createKeyring } from '../../src/http/keyring.ts';
import { appendEvents, type NewEvent } from '../../src/live/append.ts';
import { createLiveHub, type LiveHubOptions } from '../../src/live/hub.ts';
import { ADMIN_KEY, testSettings } from './http.ts';
import { openSseClient, type SseClient, type SseClientOptions } from './sse.ts';

export interface LiveServer {
  app: App;
  origin: string;
  registry: Registry;
  /** Opens a stream with a key (the admin's unless told otherwise; null: none); throws when it is refused. */
  stream(path: string, options?: SseClientOptions & { key?: string | null }): Promise<SseClient>;
  /** The status with which opening a stream is refused. */
  refusal(path: string, options?: SseClientOptions & { key?: string | null }): Promise<number>;
  /** POSTs as the admin (or with a key) and gives the answer's body. */
  post(path: string, body: object, key?: string): Promise<unknown>;
  remove(path: string): Promise<void>;
  close(): Promise<void>;
}

/** A process's worth of server: its own pool, its own hub, listening on a free port of the loopback. */
export async function startLiveServer(
  url: string,
  options: Partial<Pick<LiveHubOptions, 'url' | 'keepAliveMs' | 'recheckMs' | 'stallMs'>> = {},
): Promise<LiveServer> {
  const db = openDatabase({ url, max: 5, name: 'live server' });
  const log = pino({ level: 'silent' });
  const registry = new Registry();
  const live = createLiveHub({ db, url, log, registry, ...options });
  const outgoing = guardedHttp({ allowPrivate: false });
  const app = buildApp({
    db,
    settings: testSettings(),
    box: secretBox('an encryption key that only tests know'),
    keyring: createKeyring({ db, adminKey: ADMIN_KEY, log }),
    accounts: createAccounts({ db, settings: testSettings(), mailer: null, outgoing, log }),
    mailer: null,
    outgoing,
    live,
    registry,
    version: '0.0.0-test',
    log,
    webDir: '/nonexistent',
    ingestOrigin: () => 'http://127.0.0.1:9',
  });
  await app.listen({ host: '127.0.0.1', port: 0 });
  const origin = `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`;
  const bearer = (key: string | null): Record<string, string> =>
    key === null ? {} : { authorization: `Bearer ${key}` };
  const clients: SseClient[] = [];
  const open: LiveServer['stream'] = async (path, { key = ADMIN_KEY, ...rest } = {}) => {
    const client = await openSseClient(`${origin}${path}`, { ...rest, headers: { ...bearer(key), ...rest.headers } });
    clients.push(client);
    return client;
  };
  return {
    app,
    origin,
    registry,
    async stream(path, options) {
      const client = await open(path, options);
      if (client.status !== 200) throw new Error(`The stream ${path} was refused: ${client.status}.`);
      return client;
    },
    async refusal(path, options) {
      return (await open(path, options)).status;
    },
    async post(path, body, key = ADMIN_KEY) {
      const answer = await fetch(`${origin}${path}`, {
        method: 'POST',
        headers: { ...bearer(key), 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
      return await answer.json();
    },
    async remove(path) {
      await fetch(`${origin}${path}`, { method: 'DELETE', headers: bearer(ADMIN_KEY) });
    },
    async close() {
      for (const client of clients) client.close();
      await app.close();
      await db.close();
    },
  };
}

export interface Person {
  id: Uuid;
  publicId: string;
  externalId: string;
}

/** One source, one quiz and some learners, as the projection would have made them. */
export interface ClassRoom {
  sourceId: Uuid;
  activityId: Uuid;
  otherActivityId: Uuid;
  learners: Person[];
}

export async function makeClassRoom(db: Database, workspace = 1, names = ['Ada', 'Ben']): Promise<ClassRoom> {
  const sourceId = await makeSource(db, workspace, 'quizapi');
  const activityId = await makeActivity(db, workspace, sourceId, 'quiz_1');
  const otherActivityId = await makeActivity(db, workspace, sourceId, 'quiz_2');
  const learners: Person[] = [];
  for (const name of names) learners.push(await makeLearner(db, workspace, sourceId, name, `user_${name}`));
  return { sourceId, activityId, otherActivityId, learners };
}

export async function makeSource(db: Database, workspace: number, slug: string): Promise<Uuid> {
  const id = newUuid();
  await db.query(
    `INSERT INTO sources (workspace, id, provider, slug, name, secrets) VALUES ($1, $2, 'quizapi', $3, $3, '')`,
    [workspace, id, `${slug}-${workspace}`],
  );
  await db.query('INSERT INTO source_slugs (slug, workspace, source_id) VALUES ($1, $2, $3)', [
    `${slug}-${workspace}`,
    workspace,
    id,
  ]);
  return id;
}

async function makeActivity(db: Database, workspace: number, sourceId: Uuid, externalId: string): Promise<Uuid> {
  const id = newUuid();
  await db.query(
    `INSERT INTO activities (workspace, id, source_id, provider, realm, external_id, kind, title)
     VALUES ($1, $2, $3::uuid, 'quizapi', $3::uuid::text, $4, 'quiz', $5)`,
    [workspace, id, sourceId, externalId, `Title of ${externalId}`],
  );
  return id;
}

/** A learner whom the source knows by `externalId`. */
export async function makeLearner(
  db: Database,
  workspace: number,
  sourceId: Uuid,
  name: string,
  externalId: string,
): Promise<Person> {
  const id = newUuid();
  await db.query('INSERT INTO learners (workspace, id, name, email) VALUES ($1, $2, $3, $4)', [
    workspace,
    id,
    name,
    `${name.toLowerCase()}@example.org`,
  ]);
  await db.query(
    `INSERT INTO identities (workspace, provider, realm, external_id, learner_id, source_id)
     VALUES ($1, 'quizapi', $2::uuid::text, $3, $4, $2::uuid)`,
    [workspace, sourceId, externalId, id],
  );
  return { id, publicId: publicId('lrn', id), externalId };
}

let made = 0;

/** A completed attempt as an event; `told` replaces parts. */
export function anEvent(room: ClassRoom, told: Partial<NewEvent> = {}): NewEvent {
  made += 1;
  const at = fromMillis(Date.UTC(2026, 3, 8, 14) + made * 1000);
  if (at === null) throw new Error('No time.');
  const attemptId = hashUuid('test attempt', String(made));
  return {
    id: hashUuid('test event', String(made)),
    type: 'attempt.completed',
    occurredAt: at,
    receivedAt: new Date(),
    sourceId: room.sourceId,
    receiptSeq: made,
    receiptKey: hashParts([String(made)]),
    verification: 'signature',
    test: false,
    learnerId: room.learners[0]?.id ?? null,
    activityId: room.activityId,
    attemptId,
    payload: JSON.stringify({
      attempt: {
        externalId: null,
        state: 'completed',
        outcome: null,
        score: 8,
        maxScore: 10,
        percentage: 80,
        totalQuestions: 10,
        timeSpentSeconds: 120,
        timeKind: 'reported',
        startedAt: null,
        completedAt: at,
        verification: 'signature',
        test: false,
      },
      previous: null,
      data: { n: made },
    }),
    ...told,
  };
}

export function someEvents(room: ClassRoom, count: number, told: Partial<NewEvent> = {}): NewEvent[] {
  return Array.from({ length: count }, () => anEvent(room, told));
}

/** Appends in a transaction of its own. */
export async function append(db: Database, rows: readonly NewEvent[], workspace = 1): Promise<void> {
  await db.transaction((tx: Queryable) => appendEvents(tx, workspace, rows));
}

/** Ids as clients see them, for comparison with what they got. */
export function eventIds(rows: readonly NewEvent[]): string[] {
  return rows.map((row) => publicId('evt', row.id));
}

/** Ids of the events in a stream's messages, in their order. */
export function idsIn(client: Pick<SseClient, 'messages'>): string[] {
  return client.messages
    .filter(({ event }) => event !== 'reset' && event !== 'attention')
    .map(({ data }) => {
      const event: unknown = JSON.parse(data);
      if (typeof event === 'object' && event !== null && 'id' in event && typeof event.id === 'string') return event.id;
      throw new Error(`No event: ${data}`);
    });
}

/** Ids of the whole feed, in its order. */
export async function feedIds(db: Database, workspace = 1): Promise<string[]> {
  const rows = await db.query<{ id: Uuid }>('SELECT id FROM events WHERE workspace = $1 ORDER BY seq', [workspace]);
  return rows.map((row) => publicId('evt', row.id));
}
