/** Everything that is stored about a person, for the person. */
import { Readable } from 'node:stream';
import { publicId, receiptId, type Uuid } from '../core/ids.ts';
import type { Queryable } from '../db/database.ts';
import { readEvents } from '../live/events.ts';
import { fullResponses } from '../progress/compact-responses.ts';
import { toAttemptSummary } from '../progress/queries/attempt-summary.ts';
import { getAttempt } from '../progress/queries/get-attempt.ts';
import { type LearnerRow, toLearnerObject } from '../progress/queries/learner-row.ts';
import { linkedReceipts } from './find-receipts.ts';

const PAGE = 200;

/** One JSON object, written part by part: {learner, identities, classes, attempts, flags, events, receipts, exportedAt}. */
export function exportLearner(db: Queryable, workspace: number, learner: LearnerRow): Readable {
  return Readable.from(write(db, workspace, learner), { objectMode: false });
}

async function* write(db: Queryable, workspace: number, learner: LearnerRow): AsyncGenerator<string> {
  const { id } = learner;
  yield `{"exportedAt":${JSON.stringify(new Date().toISOString())},"learner":${JSON.stringify(toLearnerObject(learner))}`;
  yield `,"identities":${JSON.stringify(
    await db.query(
      `SELECT provider, realm, external_id AS "externalId", attributes, created_at AS "createdAt" FROM identities
       WHERE workspace = $1 AND learner_id = $2 ORDER BY provider, realm, external_id`,
      [workspace, id],
    ),
  )}`;
  yield `,"classes":${JSON.stringify(
    await db.query(
      `SELECT c.name, m.origin, m.added_at AS "addedAt" FROM cohort_members m
       JOIN cohorts c ON c.workspace = m.workspace AND c.id = m.cohort_id
       WHERE m.workspace = $1 AND m.learner_id = $2 ORDER BY c.name`,
      [workspace, id],
    ),
  )}`;
  yield `,"flags":${JSON.stringify(
    await db.query(
      `SELECT rule, facts, since, state, note, resolved_at AS "resolvedAt" FROM attention_flags
       WHERE workspace = $1 AND learner_id = $2 ORDER BY since, id`,
      [workspace, id],
    ),
  )}`;
  yield* list('attempts', attempts(db, workspace, id));
  yield* list('events', events(db, workspace, id));
  yield* list('receipts', receipts(db, workspace, id));
  yield '}\n';
}

async function* list(name: string, items: AsyncIterable<unknown>): AsyncGenerator<string> {
  yield `,"${name}":[`;
  let first = true;
  for await (const item of items) {
    yield (first ? '' : ',') + JSON.stringify(item);
    first = false;
  }
  yield ']';
}

async function* attempts(db: Queryable, workspace: number, learnerId: Uuid): AsyncGenerator<unknown> {
  const rows = await db.query<{ id: Uuid }>(
    'SELECT id FROM attempts WHERE workspace = $1 AND learner_id = $2 ORDER BY opened_at, id',
    [workspace, learnerId],
  );
  for (const { id } of rows) {
    const row = await getAttempt(db, workspace, id);
    if (row === null) continue;
    const { breakdowns, steps, certificate, platform, history, receipts } = row;
    const responses = fullResponses(row.responses);
    yield { ...toAttemptSummary(row), responses, breakdowns, steps, certificate, platform, history, receipts };
  }
}

async function* events(db: Queryable, workspace: number, learnerId: Uuid): AsyncGenerator<unknown> {
  let after = 0;
  for (;;) {
    const page = await readEvents(db, { workspace, after, learnerId, limit: PAGE });
    for (const { event } of page) yield event;
    const last = page.at(-1);
    if (last === undefined || page.length < PAGE) return;
    after = last.seq;
  }
}

/** As the platforms sent them: the bytes that everything else was made of. */
async function* receipts(db: Queryable, workspace: number, learnerId: Uuid): AsyncGenerator<unknown> {
  for (const { seq, receivedAtExact, sourceId } of await linkedReceipts(db, workspace, learnerId)) {
    const [row] = await db.query<{ key: Buffer; received_at: Date; headers: string; body: string }>(
      `SELECT key, received_at, headers, convert_from(body, 'UTF8') AS body FROM receipts
       WHERE workspace = $1 AND seq = $2 AND received_at = $3::timestamptz`,
      [workspace, seq, receivedAtExact],
    );
    if (row === undefined) continue;
    yield {
      id: receiptId(row.key),
      source: publicId('src', sourceId),
      receivedAt: row.received_at.toISOString(),
      headers: JSON.parse(row.headers) as unknown,
      body: row.body,
    };
  }
}
