/** Refused requests, kept best effort and bounded by ingest. */
import type { Uuid } from '../../core/ids.ts';
import type { Provider } from '../../core/vocabulary.ts';
import type { Queryable } from '../../db/database.ts';

export interface RejectionRow {
  id: number;
  sourceId: Uuid;
  slug: string | null;
  provider: Provider | null;
  at: Date;
  reason: string;
  hint: string;
  headers: string;
  /** The first bytes only. */
  body: Buffer;
  bytes: number;
}

/** The newest first, at most `limit`; `before`: only those older than that id. */
export function listRejections(
  db: Queryable,
  filter: { workspace: number; sourceId?: Uuid | undefined; reason?: string | undefined },
  page: { before: number | null; limit: number },
): Promise<RejectionRow[]> {
  const values: unknown[] = [filter.workspace];
  const conditions = ['j.workspace = $1'];
  if (filter.sourceId !== undefined) conditions.push(`j.source_id = $${values.push(filter.sourceId)}`);
  if (filter.reason !== undefined) conditions.push(`j.reason = $${values.push(filter.reason)}`);
  if (page.before !== null) conditions.push(`j.id < $${values.push(page.before)}`);
  return db.query<RejectionRow>(
    `SELECT j.id, j.source_id AS "sourceId", s.slug, s.provider, j.at, j.reason, j.hint, j.headers, j.body, j.body_bytes AS bytes
     FROM rejections j LEFT JOIN sources s ON s.workspace = j.workspace AND s.id = j.source_id
     WHERE ${conditions.join(' AND ')}
     ORDER BY j.id DESC LIMIT $${values.push(page.limit)}`,
    values,
  );
}
