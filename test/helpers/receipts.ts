/** Receipts straight into the database, as ingest stores them, and the projection run to its end. */
import { createHash } from 'node:crypto';
import { pino } from 'pino';
import type { SourceSecrets } from '../../src/adapters/adapter.ts';
import { adapterFor } from '../../src/adapters/registry.ts';
import type { Uuid } from '../../src/core/ids.ts';
import { hashParts, hashUuid } from '../../src/core/ids.ts';
import { PROVIDERS, type Provider } from '../../src/core/vocabulary.ts';
import type { Database } from '../../src/db/database.ts';
import { finishRebuild } from '../../src/normalise/queue/finish-rebuild.ts';
import { tombstones } from '../../src/people/tombstones.ts';
import type { PlayedEvent } from '../../src/simulator/play.ts';
import { projectOldest } from '../../src/worker/project-batch.ts';

export interface StoredWebhook {
  provider: Provider;
  eventName: string | null;
  body: Buffer;
}

const SECRETS: SourceSecrets = {
  secrets: [`whsec_${Buffer.from('a secret for these tests').toString('base64')}`],
  publicKey: 'YDRAXrgV3STf7EH5',
  basicAuth: [],
};

/** The same in every test database, so that ids made from it are too. */
export function sourceIdOf(provider: Provider): Uuid {
  return hashUuid('test source', provider);
}

/** One source for each platform. */
export async function addSources(db: Database): Promise<void> {
  for (const provider of PROVIDERS) {
    await db.query(
      `INSERT INTO sources (workspace, id, provider, slug, name, secrets) VALUES (1, $1, $2, $2, $2, '')`,
      [sourceIdOf(provider), provider],
    );
  }
}

/** A simulated webhook as it would arrive. */
export function webhookOf(event: PlayedEvent): StoredWebhook {
  const adapter = adapterFor(event.provider);
  const signed = adapter.sign(event.body, SECRETS, { id: event.messageId, at: event.at, event: event.event });
  return {
    provider: event.provider,
    eventName: new URLSearchParams(signed.query).get('event'),
    body: signed.body,
  };
}

/** Stores webhooks in this order, once each (a body that was stored before is a duplicate), and queues them. */
export async function storeReceipts(db: Database, webhooks: readonly StoredWebhook[]): Promise<void> {
  const keys = webhooks.map(({ provider, eventName, body }) =>
    hashParts(['1', sourceIdOf(provider), eventName ?? '', createHash('sha256').update(body).digest()]),
  );
  const known = new Set<string>();
  const first = webhooks.map((_, i) => {
    const key = keys[i]?.toString('hex') ?? '';
    return !known.has(key) && known.add(key) !== undefined;
  });
  const pick = <T>(of: (webhook: StoredWebhook, i: number) => T): T[] => webhooks.map(of).filter((_, i) => first[i]);
  await db.query(
    `WITH input AS (
       SELECT nextval('receipt_seq') AS seq, i.* FROM (
         SELECT * FROM unnest($1::bytea[], $2::uuid[], $3::text[], $4::text[], $5::bytea[])
           WITH ORDINALITY AS r (key, source_id, verification, event_name, body, n) ORDER BY n
       ) AS i
     ), keys AS (
       INSERT INTO receipt_keys (workspace, key, seq, received_at) SELECT 1, key, seq, now() FROM input
       ON CONFLICT DO NOTHING RETURNING seq, received_at
     ), stored AS (
       INSERT INTO receipts (workspace, seq, received_at, key, source_id, verification, event_name, headers, body)
       SELECT 1, i.seq, k.received_at, i.key, i.source_id, i.verification, i.event_name, '{}', i.body
       FROM input i JOIN keys k USING (seq)
     )
     INSERT INTO receipt_queue (workspace, seq, received_at) SELECT 1, seq, received_at FROM keys`,
    [
      pick((_, i) => keys[i]),
      pick(({ provider }) => sourceIdOf(provider)),
      pick(({ provider }) => adapterFor(provider).verification),
      pick(({ eventName }) => eventName),
      pick(({ body }) => body),
    ],
  );
}

/** Who was erased, under the encryption key of test/helpers/http.ts. */
export const TEST_STONES = tombstones('an encryption key that only tests know');

/** Projects until nothing is pending, in `lanes` batches at once. */
export async function projectAll(db: Database, options: { lanes?: number; batch?: number } = {}): Promise<void> {
  const log = pino({ level: 'silent' });
  const lane = async () => {
    for (;;) {
      const { receipts } = await projectOldest(db, 1, options.batch ?? 500, log, TEST_STONES);
      if (receipts > 0) continue;
      const [row] = await db.query<{ pending: boolean }>('SELECT EXISTS (SELECT FROM receipt_queue) AS pending');
      if (row?.pending === false) return;
    }
  };
  await Promise.all(Array.from({ length: options.lanes ?? 1 }, lane));
  await finishRebuild(db, 1);
}

/** Takes everything out again but the sources. */
export async function emptyAll(db: Database): Promise<void> {
  await db.query(
    `TRUNCATE told_facts, alike_values, alike_marks, merged_learners, attempt_confirmations, erased_people, receipts, receipt_keys, receipt_queue, receipt_outcomes, events, attempts, learners, identities, activities`,
  );
}
