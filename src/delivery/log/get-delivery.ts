/** One delivery with what was sent and what came back. */
import type { Uuid } from '../../core/ids.ts';
import type { JsonObject } from '../../core/vocabulary.ts';
import type { Queryable } from '../../db/database.ts';
import { timeOfDelivery } from './delivery-time.ts';
import { DELIVERY_COLUMNS, DELIVERY_JOINS, type DeliveryRow } from './list-deliveries.ts';

export interface Exchange {
  /** 1 is the first try. */
  try: number;
  /** JSON; credentials are redacted. */
  requestHeaders: string;
  responseBody: string | null;
}

export interface WholeDelivery extends DeliveryRow {
  /** Of tests: the example that is sent. */
  testEvent: JsonObject | null;
  /** By try; those past their retention are missing. */
  exchanges: Exchange[];
}

/** The delivery; null where there is none. */
export async function getDelivery(db: Queryable, workspace: number, id: Uuid): Promise<WholeDelivery | null> {
  const [row] = await db.query<Omit<WholeDelivery, 'exchanges'>>(
    `SELECT ${DELIVERY_COLUMNS}, d.test_event AS "testEvent"
     FROM deliveries d ${DELIVERY_JOINS} WHERE d.workspace = $1 AND d.id = $2 AND d.created_at = $3`,
    [workspace, id, timeOfDelivery(id)],
  );
  if (row === undefined) return null;
  const exchanges = await db.query<Exchange>(
    `SELECT try, request_headers AS "requestHeaders", response_body AS "responseBody" FROM delivery_exchanges
     WHERE workspace = $1 AND delivery_id = $2 AND at >= $3 ORDER BY try, at`,
    [workspace, id, row.createdAt],
  );
  return { ...row, exchanges };
}
