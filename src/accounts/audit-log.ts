/** The audit log: who did or read what. Written in batches beside the answers, read by administrators. */
import { newUuid, type Uuid } from '../core/ids.ts';
import type { Instant } from '../core/time.ts';
import type { Queryable } from '../db/database.ts';

export interface AuditEntry {
  workspace: number;
  at: Date;
  actor: { kind: 'member' | 'key' | 'system'; id: Uuid | null; name: string };
  /** `learner.read`: the thing, a dot, the verb. */
  action: string;
  /** `id` as the API shows it. Never a name of a learner: those are looked up when the log is read. */
  target: { kind: string; id: string | null } | null;
  details: object;
  ip: string | null;
}

/** Appends entries. */
export async function appendAudit(db: Queryable, entries: readonly AuditEntry[]): Promise<void> {
  await db.query(
    `INSERT INTO audit (workspace, at, id, actor_kind, actor_id, actor_name, action, target_kind, target_id, details, ip)
     SELECT * FROM unnest($1::int[], $2::timestamptz[], $3::uuid[], $4::text[], $5::uuid[], $6::text[], $7::text[], $8::text[],
                          $9::text[], $10::jsonb[], $11::text[])`,
    [
      entries.map(({ workspace }) => workspace),
      entries.map(({ at }) => at),
      entries.map(() => newUuid()),
      entries.map(({ actor }) => actor.kind),
      entries.map(({ actor }) => actor.id),
      entries.map(({ actor }) => actor.name),
      entries.map(({ action }) => action),
      entries.map(({ target }) => target?.kind ?? null),
      entries.map(({ target }) => target?.id ?? null),
      entries.map(({ details }) => JSON.stringify(details)),
      entries.map(({ ip }) => ip),
    ],
  );
}

export interface AuditRow {
  id: Uuid;
  at: Date;
  at_micros: number;
  actor_kind: 'member' | 'key' | 'system';
  actor_id: Uuid | null;
  actor_name: string;
  action: string;
  target_kind: string | null;
  target_id: string | null;
  target_name: string | null;
  details: Record<string, unknown>;
  ip: string | null;
}

export interface AuditFilter {
  actor: Uuid | undefined;
  /** An action, or what comes before its dot. */
  action: string | undefined;
  from: Instant | null;
  to: Instant | null;
}

/** Entries, the newest first, with the names that targets bear today. */
export async function readAudit(
  db: Queryable,
  workspace: number,
  filter: AuditFilter,
  page: { after: readonly [micros: number, id: string] | null; limit: number },
): Promise<AuditRow[]> {
  return await db.query<AuditRow>(
    `SELECT a.id, a.at, (extract(epoch FROM a.at) * 1000000)::bigint AS at_micros, a.actor_kind, a.actor_id, a.actor_name,
            a.action, a.target_kind, a.target_id, a.details, a.ip,
            CASE a.target_kind
              WHEN 'learner' THEN (SELECT l.name FROM learners AS l WHERE l.workspace = a.workspace AND l.id = t.uuid)
              WHEN 'activity' THEN (SELECT x.title FROM activities AS x WHERE x.workspace = a.workspace AND x.id = t.uuid)
              WHEN 'source' THEN (SELECT s.name FROM sources AS s WHERE s.workspace = a.workspace AND s.id = t.uuid)
              WHEN 'cohort' THEN (SELECT c.name FROM cohorts AS c WHERE c.workspace = a.workspace AND c.id = t.uuid)
              WHEN 'key' THEN (SELECT k.name FROM api_keys AS k WHERE k.workspace = a.workspace AND k.id = t.uuid)
              WHEN 'member' THEN (SELECT u.name FROM auth_users AS u WHERE u.id = t.uuid)
            END AS target_name
     FROM audit AS a
     CROSS JOIN LATERAL (
       SELECT CASE WHEN a.target_id ~ '^[a-z]{3}_[0-9a-f]{32}$' THEN substr(a.target_id, 5)::uuid END AS uuid
     ) AS t
     WHERE a.workspace = $1
       AND ($2::uuid IS NULL OR a.actor_id = $2)
       AND ($3::text IS NULL OR a.action = $3 OR starts_with(a.action, $3 || '.'))
       AND ($4::timestamptz IS NULL OR a.at >= $4) AND ($5::timestamptz IS NULL OR a.at < $5)
       AND ($6::bigint IS NULL OR (a.at, a.id) < (timestamptz 'epoch' + $6::bigint * interval '1 microsecond', $7::uuid))
     ORDER BY a.at DESC, a.id DESC LIMIT $8`,
    [
      workspace,
      filter.actor ?? null,
      filter.action ?? null,
      filter.from,
      filter.to,
      page.after?.[0] ?? null,
      page.after?.[1] ?? null,
      page.limit,
    ],
  );
}
