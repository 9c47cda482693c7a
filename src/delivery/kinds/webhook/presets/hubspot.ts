/** An occurrence of a custom event in HubSpot: POST https://api.hubapi.com/events/v3/send, with a private app's token. */
import { hashUuid } from '../../../../core/ids.ts';
import { flat } from './flat.ts';
import type { Preset } from './preset.ts';

export const hubspot: Preset = ({ event, webhookId, hubspotEvent }) => {
  const email = event.learner?.email ?? null;
  if (email === null) {
    return { skipped: 'HubSpot finds people by their e-mail address, and this event has none.' };
  }
  const properties = Object.entries(flat(event)).filter(([name, value]) => value !== null && name !== 'learner_email');
  return {
    body: {
      eventName: hubspotEvent,
      email,
      occurredAt: event.occurredAt,
      // HubSpot drops what it has seen: a try that is repeated counts once there.
      uuid: hashUuid('hubspot', webhookId),
      properties: Object.fromEntries(properties.map(([name, value]) => [name, String(value)])),
    },
  };
};
