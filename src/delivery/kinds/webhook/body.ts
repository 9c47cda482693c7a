/** The body of a webhook: the usual one, a preset's, or what a template makes of the usual one. */
import type { JsonObject } from '../../../core/vocabulary.ts';
import type { EventObject } from '../../../live/events.ts';
import type { Outgoing } from '../kind.ts';
import type { WebhookConfig } from './config.ts';
import { PRESETS } from './presets/presets.ts';
import { runTemplate } from './templates.ts';

/** `{"type", "timestamp", "data"}`, as the contract has it. */
export interface WebhookBody {
  type: string;
  /** When it happened. */
  timestamp: string;
  data: EventObject;
}

export type Made =
  | { kind: 'body'; contentType: string; text: string }
  /** The template took too long: it may be quicker another time. */
  | { kind: 'failed'; error: string; retryAfterSeconds: null }
  /** The template is wrong for this event: trying again cannot help. */
  | { kind: 'refused'; error: string }
  /** There is nothing to send, on purpose. */
  | { kind: 'skipped'; reason: string };

/** Makes it: at once, unless a template does. Never rejects. */
export function makeBody(config: WebhookConfig, delivery: Pick<Outgoing, 'event' | 'webhookId'>): Made | Promise<Made> {
  const { event, webhookId } = delivery;
  const preset = config.preset === undefined ? undefined : PRESETS[config.preset];
  if (preset !== undefined) {
    const made = preset({ event, webhookId, hubspotEvent: config.hubspotEvent ?? '' });
    return 'skipped' in made ? { kind: 'skipped', reason: made.skipped } : json(made.body);
  }
  const usual: WebhookBody = { type: event.type, timestamp: event.occurredAt, data: event };
  if (config.template === undefined) return { kind: 'body', contentType: JSON_TYPE, text: JSON.stringify(usual) };
  return fromTemplate(config.template, config.contentType ?? JSON_TYPE, usual);
}

async function fromTemplate(template: string, contentType: string, usual: WebhookBody): Promise<Made> {
  const text = !/^application\/(.+\+)?json\b/i.test(contentType);
  const answer = await runTemplate({ template, input: JSON.stringify(usual), text });
  if (answer.ok) return { kind: 'body', contentType, text: answer.body };
  if (answer.tooLong) return { kind: 'failed', error: answer.error, retryAfterSeconds: null };
  return { kind: 'refused', error: answer.error };
}

const JSON_TYPE = 'application/json';

function json(body: JsonObject): Made {
  return { kind: 'body', contentType: JSON_TYPE, text: JSON.stringify(body) };
}
