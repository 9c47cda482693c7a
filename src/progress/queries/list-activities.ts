/** Lists of activities, newest first. */
import type { ActivityKind } from '../../core/vocabulary.ts';
import type { Queryable } from '../../db/database.ts';
import { ACTIVITY_COLUMNS, type ActivityRow } from './activity-row.ts';
import { type Keyset, microsOf, timeOfMicros } from './keyset.ts';
import { containing } from './like.ts';

/** Up to `limit` activities made before the keyset. `search`: part of the title or of the platform's id, whatever its case. */
export async function listActivities(
  db: Queryable,
  workspace: number,
  filter: { search?: string | undefined; kind?: ActivityKind | undefined },
  page: { after: Keyset | null; limit: number },
): Promise<(ActivityRow & { created_micros: number })[]> {
  return await db.query<ActivityRow & { created_micros: number }>(
    `SELECT ${ACTIVITY_COLUMNS}, ${microsOf('t.created_at')} AS created_micros
     FROM activities t
     WHERE t.workspace = $1
       AND ($3::text IS NULL OR t.title ILIKE $3 OR t.external_id ILIKE $3)
       AND ($4::text IS NULL OR t.kind = $4)
       AND ($5::bigint IS NULL OR (t.created_at, t.id) < (${timeOfMicros('$5')}, $6::uuid))
     ORDER BY t.created_at DESC, t.id DESC LIMIT $2`,
    [
      workspace,
      page.limit,
      filter.search === undefined ? null : containing(filter.search),
      filter.kind ?? null,
      page.after?.micros ?? null,
      page.after?.id ?? null,
    ],
  );
}
