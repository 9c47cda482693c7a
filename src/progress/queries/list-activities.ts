/** Lists of activities, newest first. */
import type { Uuid } from '../../core/ids.ts';
import type { ActivityKind } from '../../core/vocabulary.ts';
import type { Queryable } from '../../db/database.ts';
import { ACTIVITY_COLUMNS, type ActivityRow } from './activity-row.ts';
import { containing } from './like.ts';

/** The sort values of a row: when it was made (text with microseconds, which a JavaScript Date would cut off), and its id. */
export interface ActivityKeyset {
  createdAt: string;
  id: Uuid;
}

/** Up to `limit` activities made before the keyset. `search`: part of the title or of the platform's id, whatever its case. */
export async function listActivities(
  db: Queryable,
  workspace: number,
  filter: { search?: string | undefined; kind?: ActivityKind | undefined },
  page: { after: ActivityKeyset | null; limit: number },
): Promise<(ActivityRow & { created_text: string })[]> {
  return await db.query<ActivityRow & { created_text: string }>(
    `SELECT ${ACTIVITY_COLUMNS}, t.created_at::text AS created_text
     FROM activities t
     WHERE t.workspace = $1
       AND ($3::text IS NULL OR t.title ILIKE $3 OR t.external_id ILIKE $3)
       AND ($4::text IS NULL OR t.kind = $4)
       AND ($5::timestamptz IS NULL OR (t.created_at, t.id) < ($5, $6::uuid))
     ORDER BY t.created_at DESC, t.id DESC LIMIT $2`,
    [
      workspace,
      page.limit,
      filter.search === undefined ? null : containing(filter.search),
      filter.kind ?? null,
      page.after?.createdAt ?? null,
      page.after?.id ?? null,
    ],
  );
}
