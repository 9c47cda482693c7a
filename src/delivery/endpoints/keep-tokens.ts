import type { Queryable } from '../../db/database.ts';
import type { EndpointRow } from './endpoint-row.ts';

/** Of an endpoint with a rate, the row from which senders take what they may send now; begins with one. */
export async function keepTokens(db: Queryable, endpoint: EndpointRow): Promise<void> {
  if (endpoint.rate_per_second === null) return;
  await db.query(
    `INSERT INTO endpoint_tokens (workspace, endpoint_id, tokens, at) VALUES ($1, $2, 1, now()) ON CONFLICT DO NOTHING`,
    [endpoint.workspace, endpoint.id],
  );
}
