/**
 * Retention of deliveries (workspaces.settings, `retention`): what was sent and answered 30 days, the deliveries themselves 90,
 * unless set otherwise. Whole weeks are dropped once no workspace keeps them; rows are deleted one by one only of workspaces
 * that keep less than another one.
 */
import type { Database, Queryable } from '../../db/database.ts';
import type { Log } from '../../db/log.ts';

/** Dropping a week locks the whole table: it gives up instead of making deliveries wait, and tries again at the next turn. */
const LOCK_TIMEOUT = '1s';
/** Rows deleted in one statement; more would hold up a vacuum. */
const ROWS = 5_000;

const KEPT = `WITH kept AS (
    SELECT w.id, t.parent,
      CASE WHEN jsonb_typeof(w.settings #> t.path) = 'null' THEN NULL
           ELSE coalesce((w.settings #>> t.path)::int, t.days) END AS days
    FROM workspaces w, (VALUES
      ('delivery_exchanges', '{retention,responseBodiesDays}'::text[], 30),
      ('deliveries', '{retention,deliveriesDays}', 90)) AS t (parent, path, days)
  ), longest AS (
    SELECT parent, CASE WHEN bool_and(days IS NOT NULL) THEN max(days) END AS days FROM kept GROUP BY parent
  )`;

/** One piece of work; 'again' when there is more. */
export async function dropOldDeliveries(db: Database, log: Log): Promise<'again' | undefined> {
  const weeks = await db.query<{ name: string; parent: string; upto: Date }>(
    `${KEPT}
     SELECT c.relname AS name, p.parent, p.upto
     FROM longest l
     JOIN pg_inherits i ON i.inhparent = l.parent::regclass
     JOIN pg_class c ON c.oid = i.inhrelid
     CROSS JOIN LATERAL (SELECT l.parent,
       (regexp_match(pg_get_expr(c.relpartbound, c.oid), 'TO \\(''([^'']+)''\\)'))[1]::timestamptz AS upto) p
     WHERE p.upto <= now() - make_interval(days => l.days)
     ORDER BY p.upto`,
  );
  for (const week of weeks) {
    try {
      await db.transaction((tx) => dropWeek(tx, week));
      log.info({ table: week.name }, 'a week of deliveries that no workspace keeps any more was dropped');
    } catch (error) {
      log.info({ err: error, table: week.name }, 'a week of deliveries could not be dropped now');
    }
  }
  await db.query(`DELETE FROM delivery_stats WHERE bucket < now() - interval '92 days'`);
  let again = false;
  const shorter = await db.query<{ id: number; parent: 'deliveries' | 'delivery_exchanges'; days: number }>(
    `${KEPT}
     SELECT k.id, k.parent, k.days FROM kept k JOIN longest l USING (parent)
     WHERE k.days IS NOT NULL AND k.days IS DISTINCT FROM l.days ORDER BY k.id`,
  );
  for (const { id, parent, days } of shorter) {
    const gone = await db.query(DELETE[parent], [id, days]);
    again ||= gone.length === ROWS;
  }
  return again ? 'again' : undefined;
}

const DELETE = {
  deliveries: `WITH old AS MATERIALIZED (
      SELECT id, created_at FROM deliveries
      WHERE workspace = $1 AND created_at < now() - make_interval(days => $2) ORDER BY id LIMIT ${ROWS}
    ), unqueued AS (
      DELETE FROM delivery_queue q USING old WHERE q.workspace = $1 AND q.delivery_id = old.id
    )
    DELETE FROM deliveries d USING old WHERE d.workspace = $1 AND d.id = old.id AND d.created_at = old.created_at RETURNING 1`,
  delivery_exchanges: `WITH old AS MATERIALIZED (
      SELECT delivery_id, at FROM delivery_exchanges
      WHERE workspace = $1 AND at < now() - make_interval(days => $2) ORDER BY delivery_id LIMIT ${ROWS}
    )
    DELETE FROM delivery_exchanges x USING old
    WHERE x.workspace = $1 AND x.delivery_id = old.delivery_id AND x.at = old.at RETURNING 1`,
} as const;

async function dropWeek(
  tx: Queryable,
  { name, parent, upto }: { name: string; parent: string; upto: Date },
): Promise<void> {
  await tx.query(`SELECT set_config('lock_timeout', $1, true)`, [LOCK_TIMEOUT]);
  // What still waits after so long waits for an endpoint that nobody enabled again.
  if (parent === 'deliveries') await tx.query('DELETE FROM delivery_queue WHERE created_at < $1', [upto]);
  // A name of the catalogue, as an identifier.
  await tx.query(`DROP TABLE "${name.replaceAll('"', '""')}"`);
}
