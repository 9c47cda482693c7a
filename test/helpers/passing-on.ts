/** A workspace with endpoints, webhooks that become events, and a sender in this process. */
import { pino } from 'pino';
import { adapterFor } from '../../src/adapters/registry.ts';
import type { Uuid } from '../../src/core/ids.ts';
import type { Database } from '../../src/db/database.ts';
import { listen } from '../../src/db/listen.ts';
import { createEndpoint, type EndpointSettings } from '../../src/delivery/endpoints/create-endpoint.ts';
import type { StoredEndpoint } from '../../src/delivery/endpoints/endpoint-row.ts';
import { type GuardedHttp, guardedHttp } from '../../src/delivery/http/client.ts';
import { DELIVERIES_CHANNEL } from '../../src/delivery/queue/channel.ts';
import { deskOf } from '../../src/delivery/sender/desk.ts';
import { startSender } from '../../src/delivery/sender/sender.ts';
import type { EventObject } from '../../src/live/events.ts';
import type { Mailer } from '../../src/mail/mailer.ts';
import { seededRandom } from '../../src/simulator/random.ts';
import { createTestDatabase } from './database.ts';
import { addSources, projectAll, type StoredWebhook, storeReceipts, webhookOf } from './receipts.ts';
import type { Recorded } from './recording-server.ts';
import { TEST_BOX, TEST_KEY } from './test-box.ts';

export interface PassingOn {
  db: Database;
  url: string;
  /** An endpoint of kind webhook in the default workspace. */
  endpoint(url: string, settings?: EndpointSettings): Promise<StoredEndpoint>;
  /** Stores webhooks of completed quizzes, one for each of these learners, and projects them. */
  complete(learners: readonly string[], options?: { quiz?: string; score?: number }): Promise<void>;
  /** Starts a sender; gives how to stop it. All are stopped at the end. */
  send(options?: { mailer?: Mailer | null }): () => Promise<void>;
  close(): Promise<void>;
}

export async function passingOn(): Promise<PassingOn> {
  const database = await createTestDatabase();
  const { db } = database;
  await addSources(db);
  const stops = new Set<() => Promise<void>>();
  let told = 0;
  return {
    db,
    url: database.url,
    endpoint: (url, settings = {}) => createEndpoint(db, TEST_BOX, { workspace: 1, kind: 'webhook', url, ...settings }),
    async complete(learners, options = {}) {
      await storeReceipts(
        db,
        learners.map((learner) => completedQuiz(learner, ++told, options)),
      );
      await projectAll(db);
    },
    send({ mailer = null } = {}) {
      const http = guardedHttp({ allowPrivate: true, connections: 3_000 });
      const stop = startedSender(db, database.url, http, mailer, async () => void stops.delete(stop));
      stops.add(stop);
      return stop;
    },
    async close() {
      await Promise.all([...stops].map((stop) => stop()));
      await database.drop();
    },
  };
}

function startedSender(
  db: Database,
  url: string,
  http: GuardedHttp,
  mailer: Mailer | null,
  stopped: () => Promise<void>,
): () => Promise<void> {
  const log = pino({ level: process.env.TEST_LOG ?? 'silent' });
  const sender = startSender({
    db,
    desk: deskOf(db),
    log,
    box: TEST_BOX,
    encryptionKey: TEST_KEY,
    tools: { http, mailer, publicUrl: 'https://gradewire.example', version: '0.0.0-test', now: Date.now },
  });
  const listener = listen(url, [DELIVERIES_CHANNEL], () => sender.wake(), { log });
  return async () => {
    await listener.close();
    await sender.stop();
    await http.close();
    await stopped();
  };
}

/** A quiz of QuizAPI that a learner completed. */
function completedQuiz(
  learner: string,
  n: number,
  { quiz = 'quiz-1', score }: { quiz?: string; score?: number } = {},
): StoredWebhook {
  const adapter = adapterFor('quizapi');
  const at = Date.UTC(2026, 8, 1, 8) + n * 60_000;
  const body = adapter.example({
    event: 'quiz.completed',
    learner: { externalId: learner, name: `Name of ${learner}`, email: `${learner}@school.example` },
    activity: { externalId: quiz, title: `Title of ${quiz}` },
    attemptId: `attempt-${n}`,
    startedAt: at - 30_000,
    at,
    ability: score ?? 0.5,
    random: seededRandom('passing on', String(n)),
    index: 0,
    total: 1,
  });
  return webhookOf({
    provider: 'quizapi',
    event: 'quiz.completed',
    body,
    at,
    messageId: `msg_${n}`,
  } as Parameters<typeof webhookOf>[0]);
}

/** The event that a receiver got. */
export function eventIn(request: Recorded): EventObject {
  return (JSON.parse(request.body.toString()) as { data: EventObject }).data;
}

/** What stands in the queue. */
export async function queued(db: Database): Promise<{ delivery_id: Uuid; due_at: Date; tries: number }[]> {
  return db.query('SELECT delivery_id, due_at, tries FROM delivery_queue ORDER BY event_seq');
}
