/**
 * Retention: drops what is older than the workspaces are set to keep (workspaces.settings, `retention`; by default nothing is
 * dropped). De-duplication keys stay for ever, so that a webhook sent again years later still counts once; progress stays as
 * it is, sealed where its receipts are gone.
 */
import type { Logger } from 'pino';
import type { Database, Queryable } from '../db/database.ts';

/** Rows deleted in one transaction; more would hold up a vacuum and make one large burst of writing. */
const ROWS = 5_000;
/** Dropping a partition locks the whole table: it gives up instead of making webhooks wait, and tries again at the next turn. */
const LOCK_TIMEOUT = '1s';

/** One piece of work; 'again' when there is more. */
export async function dropOld(db: Database, log: Logger): Promise<'again' | undefined> {
  await dropExpired(db);
  await dropMonths(db, log);
  let again = false;
  const due = await db.query<{ id: number; days: number }>(
    `SELECT id, (settings #>> '{retention,receiptsDays}')::int AS days FROM workspaces
     WHERE jsonb_typeof(settings #> '{retention,receiptsDays}') = 'number' ORDER BY id`,
  );
  for (const { id, days } of due) again = (await dropReceipts(db, id, days)) || again;
  return again ? 'again' : undefined;
}

/** The oldest receipts of a workspace, in their order; true when there are more. What still waits to be read stays. */
async function dropReceipts(db: Database, workspace: number, days: number): Promise<boolean> {
  return await db.transaction(async (tx) => {
    const [dropped] = await tx.query<{ count: number; last: number | null }>(
      `WITH old AS MATERIALIZED (
         SELECT seq, received_at FROM receipts
         WHERE workspace = $1 AND received_at < now() - make_interval(days => $2)
           AND seq < coalesce((SELECT min(seq) FROM receipt_queue WHERE workspace = $1), 9223372036854775807)
         ORDER BY seq LIMIT ${ROWS}
       ), gone AS (
         DELETE FROM receipts r USING old
         WHERE r.workspace = $1 AND r.seq = old.seq AND r.received_at = old.received_at RETURNING r.seq
       )
       SELECT count(*)::int AS count, max(seq) AS last FROM gone`,
      [workspace, days],
    );
    if (dropped !== undefined && dropped.last !== null) await seal(tx, workspace, dropped.last);
    await tx.query('DELETE FROM rejections WHERE workspace = $1 AND at < now() - make_interval(days => $2)', [
      workspace,
      days,
    ]);
    return dropped?.count === ROWS;
  });
}

/** Receipts up to this number are gone: what rests on them is sealed. */
async function seal(tx: Queryable, workspace: number, seq: number): Promise<void> {
  await tx.query(
    'UPDATE workspaces SET receipts_dropped_to = greatest(receipts_dropped_to, $2::bigint) WHERE id = $1',
    [workspace, seq],
  );
  await tx.query('DELETE FROM receipt_outcomes WHERE workspace = $1 AND seq <= $2', [workspace, seq]);
}

interface Month {
  name: string;
  parent: 'receipts' | 'events';
}

/**
 * Whole months that no workspace keeps any more: of receipts quicker than row by row, of the feed the only way, because its
 * readers are told by one number for all up to where it is gone. One workspace that keeps them for ever keeps them for all.
 */
async function dropMonths(db: Database, log: Logger): Promise<void> {
  const months = await db.query<Month & { cutoff: Date }>(
    `WITH kept AS (
       SELECT parent, CASE WHEN bool_and(coalesce(jsonb_typeof(settings #> path) = 'number', false))
                THEN now() - make_interval(days => max((settings #>> path)::int)) END AS cutoff
       FROM workspaces, (VALUES ('receipts', '{retention,receiptsDays}'::text[]), ('events', '{retention,eventsDays}')) AS t (parent, path)
       GROUP BY parent
     )
     SELECT c.relname AS name, k.parent, k.cutoff
     FROM kept k
     JOIN pg_inherits i ON i.inhparent = k.parent::regclass
     JOIN pg_class c ON c.oid = i.inhrelid
     WHERE (regexp_match(pg_get_expr(c.relpartbound, c.oid), 'TO \\(''([^'']+)''\\)'))[1]::timestamptz <= k.cutoff
     ORDER BY c.relname`,
  );
  for (const month of months) {
    try {
      await db.transaction((tx) => dropMonth(tx, month));
      log.info({ table: month.name }, 'a month that no workspace keeps any more was dropped');
    } catch (error) {
      // Busy, or a receipt of it still waits: the next turn tries again, and rows go one by one meanwhile.
      log.info({ err: error, table: month.name }, 'a month could not be dropped now');
    }
  }
}

async function dropMonth(tx: Queryable, { name, parent, cutoff }: Month & { cutoff: Date }): Promise<void> {
  await tx.query(`SELECT set_config('lock_timeout', $1, true)`, [LOCK_TIMEOUT]);
  if (parent === 'events') {
    await tx.query('SELECT drop_events_before($1)', [cutoff.toISOString()]);
    return;
  }
  await tx.query('SELECT pg_advisory_xact_lock(7302, 1)');
  await tx.query('LOCK TABLE receipts IN ACCESS EXCLUSIVE MODE');
  const table = quoted(name);
  const [waiting] = await tx.query<{ yes: boolean }>(
    `SELECT EXISTS (SELECT FROM receipt_queue q JOIN ${table} r ON r.workspace = q.workspace AND r.seq = q.seq) AS yes`,
  );
  if (waiting?.yes === true) throw new Error('Webhooks of that month still wait to be read.');
  const ends = await tx.query<{ workspace: number; last: number }>(
    `SELECT workspace, max(seq) AS last FROM ${table} GROUP BY workspace`,
  );
  for (const { workspace, last } of ends) await seal(tx, workspace, last);
  await tx.query(`DROP TABLE ${table}`);
}

/** A name of the catalogue as an identifier. */
function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** What nobody can use any more, whatever the settings: bounded lists that would else grow for ever. */
async function dropExpired(db: Database): Promise<void> {
  await db.query(`DELETE FROM tickets WHERE expires_at < now() - interval '1 day'`);
  await db.query(`DELETE FROM auth_sessions WHERE expires_at < now() - interval '30 days'`);
  await db.query(`DELETE FROM auth_verifications WHERE expires_at < now() - interval '1 day'`);
  await db.query(`DELETE FROM invitations WHERE expires_at < now() - interval '30 days'`);
  await db.query(`DELETE FROM sign_in_failures WHERE since < now() - interval '1 day'`);
  await db.query(`DELETE FROM attention_flags WHERE resolved_at < now() - interval '400 days'`);
}
