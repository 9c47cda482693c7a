/** Counts the webhooks of each source by the hour, and tells once when a source goes silent or is mostly refused. */
import { hashUuid, type Uuid } from '../core/ids.ts';
import { fromMillis } from '../core/time.ts';
import type { EventType, JsonObject } from '../core/vocabulary.ts';
import type { Database, Queryable } from '../db/database.ts';
import { appendEvents, type NewEvent } from '../live/append.ts';
import { EXPECTED_HOURS } from './source-health.ts';

/** Receipts counted at once. */
const RECEIPTS = 50_000;
/** Numbers become readable out of order, by the time a commit takes at most: younger ones are counted later. */
const SETTLED = `interval '10 seconds'`;
/** Rhythms are read from 28 days; the rest is for people who ask why. */
const KEPT = `interval '90 days'`;
/** Fewer refusals are somebody's try, and not a source that is set up wrong. */
const FEWEST_REFUSED = 5;

/** One look at all workspaces. 'again': there is more to count. */
export async function keepSourceHealth(db: Database): Promise<'again' | undefined> {
  let again = false;
  for (const { id } of await db.query<{ id: number }>('SELECT id FROM workspaces ORDER BY id')) {
    if (await countReceipts(db, id)) again = true;
    else await findTroubles(db, id);
  }
  return again ? 'again' : undefined;
}

/** Adds what came since the last look to source_hours; true when there is more. */
async function countReceipts(db: Database, workspace: number): Promise<boolean> {
  return await db.transaction(async (tx) => {
    await tx.query('INSERT INTO source_hours_position (workspace, seq) VALUES ($1, 0) ON CONFLICT DO NOTHING', [
      workspace,
    ]);
    const [counted] = await tx.query<{ full: boolean }>(
      `WITH position AS MATERIALIZED (
         SELECT seq FROM source_hours_position WHERE workspace = $1 FOR UPDATE
       ), next AS MATERIALIZED (
         SELECT r.seq, r.source_id, r.received_at, r.test FROM receipts r
         WHERE r.workspace = $1 AND r.seq > (SELECT seq FROM position) ORDER BY r.seq LIMIT ${RECEIPTS}
       ), settled AS MATERIALIZED (
         SELECT * FROM next
         WHERE seq < coalesce((SELECT min(seq) FROM next WHERE received_at > now() - ${SETTLED}), 9223372036854775807)
       ), added AS (
         INSERT INTO source_hours AS h (workspace, source_id, hour, receipts, last_at)
         SELECT $1, source_id, date_trunc('hour', received_at), count(*), max(received_at)
         FROM settled WHERE NOT test GROUP BY 2, 3
         ON CONFLICT (workspace, source_id, hour) DO UPDATE
           SET receipts = h.receipts + excluded.receipts, last_at = greatest(h.last_at, excluded.last_at)
       ), moved AS (
         UPDATE source_hours_position SET seq = (SELECT max(seq) FROM settled)
         WHERE workspace = $1 AND EXISTS (SELECT FROM settled)
       )
       SELECT count(*) = ${RECEIPTS} AS full FROM settled`,
      [workspace],
    );
    await tx.query(`DELETE FROM source_hours WHERE workspace = $1 AND hour < now() - ${KEPT}`, [workspace]);
    return counted?.full === true;
  });
}

interface TroubleRow {
  id: Uuid;
  last_at: Date | null;
  expected_hours: number | null;
  silent: boolean;
  accepted: number;
  refused: number;
  reason: string | null;
  rejecting: boolean;
  was_silent: boolean;
  was_rejecting: boolean;
}

/** Compares each source with its rhythm and with what was refused within the hour, and tells what has begun. */
async function findTroubles(db: Database, workspace: number): Promise<void> {
  await db.transaction(async (tx) => {
    const rows = await tx.query<TroubleRow>(
      `SELECT s.id, h.last_at, e.hours AS expected_hours, coalesce(h.last_at < now() - make_interval(secs => e.hours * 3600), false) AS silent,
              h.accepted, j.refused, j.reason,
              j.refused >= ${FEWEST_REFUSED} AND j.refused > h.accepted AS rejecting,
              was.silent AS was_silent, was.rejecting AS was_rejecting
       FROM sources s
       JOIN workspaces w ON w.id = s.workspace
       CROSS JOIN LATERAL (SELECT ${EXPECTED_HOURS} AS hours) e
       CROSS JOIN LATERAL (
         SELECT max(last_at) AS last_at, coalesce(sum(receipts) FILTER (WHERE last_at > now() - interval '1 hour'), 0)::int AS accepted
         FROM source_hours WHERE workspace = $1 AND source_id = s.id) h
       CROSS JOIN LATERAL (
         SELECT count(*)::int AS refused, mode() WITHIN GROUP (ORDER BY reason) AS reason
         FROM rejections WHERE workspace = $1 AND source_id = s.id AND at > now() - interval '1 hour') j
       CROSS JOIN LATERAL (
         SELECT coalesce(bool_or(kind = 'silent'), false) AS silent, coalesce(bool_or(kind = 'rejecting'), false) AS rejecting
         FROM source_troubles WHERE workspace = $1 AND source_id = s.id) was
       WHERE s.workspace = $1 AND s.deleted_at IS NULL`,
      [workspace],
    );
    const news: NewEvent[] = [];
    for (const row of rows) {
      await keep(tx, workspace, row.id, 'silent', row.was_silent, row.silent);
      await keep(tx, workspace, row.id, 'rejecting', row.was_rejecting, row.rejecting);
      if (row.silent && !row.was_silent) {
        // The last webhook before it names the silence.
        news.push(
          eventOf(workspace, row.id, 'source.silent', row.last_at?.toISOString() ?? '', {
            lastReceiptAt: row.last_at?.toISOString() ?? null,
            expectedEveryHours: row.expected_hours === null ? null : Math.round(row.expected_hours * 10) / 10,
          }),
        );
      }
      if (row.rejecting && !row.was_rejecting) {
        news.push(
          eventOf(workspace, row.id, 'source.rejecting', new Date().toISOString(), {
            reason: row.reason,
            refused: row.refused,
            accepted: row.accepted,
          }),
        );
      }
    }
    await appendEvents(tx, workspace, news);
  });
}

async function keep(
  tx: Queryable,
  workspace: number,
  sourceId: Uuid,
  kind: 'silent' | 'rejecting',
  before: boolean,
  now: boolean,
): Promise<void> {
  if (before === now) return;
  await tx.query(
    now
      ? `INSERT INTO source_troubles (workspace, source_id, kind) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING`
      : `DELETE FROM source_troubles WHERE workspace = $1 AND source_id = $2 AND kind = $3`,
    [workspace, sourceId, kind],
  );
}

function eventOf(workspace: number, sourceId: Uuid, type: EventType, occasion: string, data: JsonObject): NewEvent {
  const now = new Date();
  const occurredAt = fromMillis(now.getTime());
  if (occurredAt === null) throw new Error('The clock of this machine is out of range. Set it right.');
  return {
    id: hashUuid('event', String(workspace), type, sourceId, occasion),
    type,
    occurredAt,
    receivedAt: now,
    sourceId,
    receiptSeq: null,
    receiptKey: null,
    verification: null,
    test: false,
    learnerId: null,
    activityId: null,
    attemptId: null,
    payload: JSON.stringify({ attempt: null, previous: null, data }),
  };
}
