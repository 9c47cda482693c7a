/** Tries that an older version wrote as jsonb (before migration 000028) are shown as they were, and go on growing. */
import { afterEach, expect, test } from 'vitest';
import { newUuid, type Uuid } from '../../src/core/ids.ts';
import { migrate, readMigrations } from '../../src/db/migrate.ts';
import { getDelivery } from '../../src/delivery/log/get-delivery.ts';
import { CREATED_AT, newDeliveryId } from '../../src/delivery/plan/fits.ts';
import { claimDue, toClaims } from '../../src/delivery/queue/claim.ts';
import { writeResults } from '../../src/delivery/queue/write-results.ts';
import { createTestDatabase, type TestDatabase } from '../helpers/database.ts';

let database: TestDatabase;
afterEach(() => database.drop());

test('what was tried before the upgrade stands before what is tried after it', async () => {
  database = await createTestDatabase({ migrated: false });
  const { db } = database;
  const all = await readMigrations();
  await migrate(
    db,
    all.filter(({ name }) => name < '000028'),
  );
  const endpoint = newUuid();
  await db.query(`INSERT INTO endpoints (workspace, id, kind, sealed) VALUES (1, $1, 'webhook', '')`, [endpoint]);
  const tried = { at: '2026-11-23T08:00:00.000Z', statusCode: 500, durationMs: 12.3, error: 'It "failed".' };
  const [made] = await db.query<{ id: Uuid }>(
    `WITH made AS (
       INSERT INTO deliveries (workspace, id, created_at, endpoint_id, event_id, event_seq, event_type, tries)
       SELECT 1, ${newDeliveryId('$1::uuid', 'v.id')}, ${CREATED_AT}, $1, v.id, 1, 'attempt.completed', $2::jsonb
       FROM (SELECT gen_random_uuid() AS id) v RETURNING id, created_at
     ), queued AS (
       INSERT INTO delivery_queue (workspace, delivery_id, created_at, endpoint_id, event_seq, due_at, tries)
       SELECT 1, id, created_at, $1, 1, now(), 1 FROM made
     ) SELECT id FROM made`,
    [endpoint, JSON.stringify([tried])],
  );
  await migrate(db, all);
  const { rows } = toClaims(await claimDue(db, 1, { each: 1, atFailing: 1, taken: new Map(), total: 1 }), 1);
  const at = Date.now();
  await writeResults(
    db,
    rows.map((row) => ({
      ...row,
      end: { status: 'succeeded', detail: null },
      at,
      statusCode: 200,
      durationMs: 4,
      error: null,
      requestHeaders: '{"webhook-id":"msg_1"}',
      responseBody: 'ok',
      untried: false,
    })),
  );
  const delivery = await getDelivery(db, 1, made?.id ?? '');
  expect(delivery?.tries).toEqual([
    tried,
    { at: new Date(at).toISOString(), statusCode: 200, durationMs: 4, error: null },
  ]);
  // What was sent and what came back stands beside its own try.
  expect(delivery?.attempts.map(({ responseBody }) => responseBody)).toEqual([null, 'ok']);
});
