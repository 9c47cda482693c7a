import type { Uuid } from '../core/ids.ts';
import type { Queryable } from '../db/database.ts';
import type { SourceRow } from './source-row.ts';

/** The row of a source, locked to the end of the transaction, so that two changes at once do not lose one. Null: no such source. */
export async function lockSource(tx: Queryable, workspace: number, id: Uuid): Promise<SourceRow | null> {
  const rows = await tx.query<SourceRow>(
    `SELECT * FROM sources WHERE workspace = $1 AND id = $2 AND deleted_at IS NULL FOR UPDATE`,
    [workspace, id],
  );
  return rows[0] ?? null;
}
