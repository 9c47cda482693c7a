/** Members of a workspace, the newest first, with the names of what they are limited to. */
import type { Uuid } from '../core/ids.ts';
import type { Queryable } from '../db/database.ts';
import type { MemberRole } from './member.ts';

export interface MemberRow {
  user_id: Uuid;
  name: string;
  email: string;
  role: MemberRole;
  learner_id: Uuid | null;
  learner_name: string | null;
  cohorts: { id: Uuid; name: string }[] | null;
  created_at: Date;
  last_seen_at: Date | null;
  /** created_at, for the cursor. */
  created_micros: number;
}

/** SQL: ids of cohorts as `[{id, name}]`, those that are gone left out; null stays null. */
export function cohortRefs(table: string): string {
  return `CASE WHEN ${table}.cohorts IS NULL THEN NULL ELSE (
    SELECT coalesce(jsonb_agg(jsonb_build_object('id', c.id, 'name', c.name) ORDER BY c.name, c.id), '[]')
    FROM cohorts AS c WHERE c.workspace = ${table}.workspace AND c.id = ANY(${table}.cohorts)) END AS cohorts`;
}

/** A page of them, or the one of `userId`. */
export async function membersOf(
  db: Queryable,
  workspace: number,
  wanted: { userId: Uuid } | { after: readonly [micros: number, id: string] | null; limit: number },
): Promise<MemberRow[]> {
  const [after, limit, userId] = 'userId' in wanted ? [null, 1, wanted.userId] : [wanted.after, wanted.limit, null];
  return await db.query<MemberRow>(
    `SELECT m.user_id, u.name, u.email, m.role, m.learner_id, l.name AS learner_name, ${cohortRefs('m')},
            m.created_at, m.last_seen_at, (extract(epoch FROM m.created_at) * 1000000)::bigint AS created_micros
     FROM members AS m JOIN auth_users AS u ON u.id = m.user_id
     LEFT JOIN learners AS l ON l.workspace = m.workspace AND l.id = m.learner_id
     WHERE m.workspace = $1 AND ($2::uuid IS NULL OR m.user_id = $2)
       AND ($3::bigint IS NULL
            OR (m.created_at, m.user_id) < (timestamptz 'epoch' + $3::bigint * interval '1 microsecond', $4::uuid))
     ORDER BY m.created_at DESC, m.user_id DESC LIMIT $5`,
    [workspace, userId, after?.[0] ?? null, after?.[1] ?? null, limit],
  );
}
