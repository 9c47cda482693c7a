/** What a delivery sends, made anew: bodies are not stored. */

import { publicId, type Uuid } from '../core/ids.ts';
import { getEndpoint } from '../delivery/endpoints/get-endpoint.ts';
import { eventRecords } from '../delivery/event-records.ts';
import { kindOf } from '../delivery/kinds/registry.ts';
import type { WholeDelivery } from '../delivery/log/get-delivery.ts';
import { pseudonymKey, reduceText } from '../delivery/personal-data.ts';
import { webhookIdOf } from '../delivery/webhook-id.ts';
import { EventText, readEvents } from '../live/events.ts';
import type { HttpContext } from './context.ts';

export interface Sent {
  webhookId: string;
  /** null: the event or the endpoint is there no more. */
  requestBody: string | null;
}

/** By the event as the feed has it now and the endpoint's settings as they are now. */
export async function sentBody(
  { db, box, settings }: Pick<HttpContext, 'db' | 'box' | 'settings'>,
  workspace: number,
  delivery: WholeDelivery,
): Promise<Sent> {
  const webhookId = webhookIdOf(delivery.endpointId, publicId('evt', delivery.eventId));
  const endpoint = await getEndpoint(db, box, workspace, delivery.endpointId);
  const event = await eventOf({ db }, workspace, delivery);
  if (endpoint === null || event === null) return { webhookId, requestBody: null };
  const keyOf = (id: Uuid) => pseudonymKey(settings.encryptionKey, id);
  const made = await kindOf(endpoint.kind).preview(
    endpoint,
    {
      deliveryId: delivery.id,
      webhookId,
      told: reduceText(event, endpoint.personalData, keyOf(endpoint.id)),
      whole: event,
      test: delivery.test,
      tryNumber: delivery.attempts.length + 1,
    },
    { publicUrl: settings.publicUrl, now: Date.now, records: eventRecords(db, keyOf) },
  );
  return { webhookId, requestBody: typeof made === 'string' ? made : JSON.stringify(made) };
}

async function eventOf(
  { db }: Pick<HttpContext, 'db'>,
  workspace: number,
  { eventSeq, testEvent }: WholeDelivery,
): Promise<EventText | null> {
  if (eventSeq === null) return testEvent === null ? null : EventText.of(testEvent);
  const [found] = await readEvents(db, { workspace, after: 0, seqs: [eventSeq], limit: 1 });
  return found ?? null;
}
