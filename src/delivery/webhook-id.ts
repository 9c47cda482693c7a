import { hashDigits, type Uuid } from '../core/ids.ts';

/** An event's id for an endpoint (header `webhook-id`): the same on every try, after a retry by hand and after a restart. */
export function webhookIdOf(endpointId: Uuid, publicEventId: string): string {
  return `msg_${hashDigits('webhook', endpointId, publicEventId)}`;
}
