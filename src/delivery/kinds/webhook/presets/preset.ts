/** What a preset is: the body as one receiver wants it, or why there is nothing to send. */
import type { JsonObject } from '../../../../core/vocabulary.ts';
import type { EventObject } from '../../../../live/events.ts';

interface PresetInput {
  event: EventObject;
  webhookId: string;
  /** Full name of HubSpot's custom event. */
  hubspotEvent: string;
}

export type Preset = (input: PresetInput) => { body: JsonObject } | { skipped: string };
