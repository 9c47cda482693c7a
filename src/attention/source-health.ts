/** How sources fare: what came, what was refused, and whether that is less than usual. */
import type { Uuid } from '../core/ids.ts';
import type { Queryable } from '../db/database.ts';

export interface SourceHealth {
  lastReceiptAt: string | null;
  receipts24h: number;
  rejections24h: number;
  silent: boolean;
  rejecting: boolean;
  expectedEveryHours: number | null;
  lastRejection: { at: string; reason: string; explanation: string } | null;
}

interface HealthRow {
  id: Uuid;
  last_at: Date | null;
  receipts: number;
  rejections: number;
  silent: boolean;
  rejecting: boolean;
  expected_hours: number | null;
  rejected_at: Date | null;
  reason: string | null;
  hint: string | null;
}

/**
 * SQL: how many hours without a webhook are silence for the source `s`: what the workspace `w` says, else one and a half
 * times the longest pause of 28 days, 3 hours at least. A pause that is under way counts for nothing. Null while there were
 * webhooks on fewer than 5 days or in fewer than 10 hours: chance would then look like a rhythm.
 */
export const EXPECTED_HOURS = `coalesce((w.settings ->> 'silenceHours')::double precision, (
  SELECT CASE WHEN count(*) >= 10 AND count(DISTINCT g.hour::date) >= 5
           THEN greatest(3, 1.5 * max(extract(epoch FROM g.hour - g.before) / 3600))::double precision END
  FROM (SELECT h.hour, lag(h.hour) OVER (ORDER BY h.hour) AS before FROM source_hours h
        WHERE h.workspace = s.workspace AND h.source_id = s.id AND h.hour > now() - interval '28 days') g))`;

/** Receipts looked at besides those counted: bounds the answer while counting is behind. */
const UNCOUNTED = 20_000;

/** The health of these sources, by id; sources that are not there (any more) are left out. */
export async function sourceHealth(
  db: Queryable,
  workspace: number,
  sourceIds: readonly Uuid[],
): Promise<Map<Uuid, SourceHealth>> {
  const rows = await db.query<HealthRow>(
    `WITH position AS MATERIALIZED (
       SELECT coalesce((SELECT seq FROM source_hours_position WHERE workspace = $1), 0) AS seq
     ), newest AS MATERIALIZED (
       -- What is not yet in source_hours: a few seconds' worth, by the key and no other way.
       SELECT r.source_id, max(r.received_at) AS last_at, count(*)::int AS receipts
       FROM (SELECT source_id, received_at, test FROM receipts
             WHERE workspace = $1 AND seq > (SELECT seq FROM position) ORDER BY workspace, seq LIMIT ${UNCOUNTED}) r
       WHERE NOT r.test GROUP BY 1
     ), told AS MATERIALIZED (
       SELECT h.source_id, max(h.last_at) AS last_at,
              coalesce(sum(h.receipts) FILTER (WHERE h.hour > now() - interval '24 hours'), 0)::int AS receipts
       FROM source_hours h WHERE h.workspace = $1 AND h.source_id = ANY ($2::uuid[]) GROUP BY 1
     )
     SELECT s.id, greatest(n.last_at, o.last_at) AS last_at, coalesce(n.receipts, 0) + coalesce(o.receipts, 0) AS receipts,
            (SELECT count(*)::int FROM rejections j
             WHERE j.workspace = $1 AND j.source_id = s.id AND j.at > now() - interval '24 hours') AS rejections,
            EXISTS (SELECT FROM source_troubles x WHERE x.workspace = $1 AND x.source_id = s.id AND x.kind = 'silent')
              AND n.last_at IS NULL AS silent,
            EXISTS (SELECT FROM source_troubles x WHERE x.workspace = $1 AND x.source_id = s.id AND x.kind = 'rejecting')
              AS rejecting,
            ${EXPECTED_HOURS} AS expected_hours, j.at AS rejected_at, j.reason, j.hint
     FROM sources s
     JOIN workspaces w ON w.id = s.workspace
     LEFT JOIN newest n ON n.source_id = s.id
     LEFT JOIN told o ON o.source_id = s.id
     LEFT JOIN LATERAL (
       SELECT at, reason, hint FROM rejections WHERE workspace = $1 AND source_id = s.id ORDER BY id DESC LIMIT 1
     ) j ON true
     WHERE s.workspace = $1 AND s.id = ANY ($2::uuid[]) AND s.deleted_at IS NULL`,
    [workspace, sourceIds],
  );
  return new Map(rows.map((row) => [row.id, toHealth(row)]));
}

function toHealth(row: HealthRow): SourceHealth {
  return {
    lastReceiptAt: row.last_at?.toISOString() ?? null,
    receipts24h: row.receipts,
    rejections24h: row.rejections,
    silent: row.silent,
    rejecting: row.rejecting,
    expectedEveryHours: row.expected_hours === null ? null : Math.round(row.expected_hours * 10) / 10,
    lastRejection:
      row.rejected_at === null || row.reason === null
        ? null
        : { at: row.rejected_at.toISOString(), reason: row.reason, explanation: row.hint ?? '' },
  };
}
