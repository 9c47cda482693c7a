import type { Uuid } from '../../core/ids.ts';
import type { Queryable } from '../../db/database.ts';
import type { EventObject } from '../../live/events.ts';
import { timeOfDelivery } from '../delivery-time.ts';
import {
  DELIVERY_COLUMNS,
  DELIVERY_JOINS,
  type Delivery,
  type DeliveryRow,
  type KeptTry,
  toDelivery,
} from './delivery.ts';

/** A try with what was sent and what came back, as long as that is kept. */
export interface WholeTry extends KeptTry {
  /** As sent, credentials redacted; empty when it is no longer kept. */
  requestHeaders: Record<string, string>;
  responseBody: string | null;
}

export interface WholeDelivery extends Delivery {
  attempts: WholeTry[];
  /** Of tests: the example that is sent. */
  testEvent: EventObject | null;
}

/** One delivery with all its tries; null where the workspace has none of this id. */
export async function getDelivery(db: Queryable, workspace: number, id: Uuid): Promise<WholeDelivery | null> {
  const [row] = await db.query<DeliveryRow & { testEvent: EventObject | null }>(
    `SELECT ${DELIVERY_COLUMNS}, d.test_event AS "testEvent" FROM deliveries d ${DELIVERY_JOINS}
     WHERE d.workspace = $1 AND d.id = $2 AND d.created_at = $3`,
    [workspace, id, timeOfDelivery(id)],
  );
  if (row === undefined) return null;
  const exchanges = await db.query<{ at: Date; request_headers: string; response_body: string | null }>(
    `SELECT x.at, x.request_headers, x.response_body FROM delivery_exchanges x JOIN workspaces w ON w.id = x.workspace
     WHERE x.workspace = $1 AND x.delivery_id = $2 AND x.at >= $3
       AND (jsonb_typeof(w.settings #> '{retention,responseBodiesDays}') IS NOT DISTINCT FROM 'null'
         OR x.at > now() - make_interval(days => coalesce((w.settings #>> '{retention,responseBodiesDays}')::int, 30)))`,
    [workspace, id, timeOfDelivery(id)],
  );
  const byTime = new Map(exchanges.map((exchange) => [exchange.at.getTime(), exchange]));
  const delivery = toDelivery(row);
  return {
    ...delivery,
    testEvent: row.testEvent,
    attempts: delivery.tries.map((kept) => {
      const exchange = byTime.get(Date.parse(kept.at));
      return {
        ...kept,
        // Written by the sender as JSON of an object of texts.
        requestHeaders: exchange === undefined ? {} : (JSON.parse(exchange.request_headers) as Record<string, string>),
        responseBody: exchange?.response_body ?? null,
      };
    }),
  };
}
