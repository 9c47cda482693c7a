/** The body of a webhook: the usual one, a preset's, or what a template makes of the usual one. */
import type { JsonObject } from '../../../core/vocabulary.ts';
import type { Outgoing } from '../kind.ts';
import type { WebhookConfig } from './config.ts';
import { PRESETS } from './presets/presets.ts';
import { runTemplate } from './templates.ts';

export type Made =
  | { kind: 'body'; contentType: string; text: string }
  /** The template took too long: it may be quicker another time. */
  | { kind: 'failed'; error: string; retryAfterSeconds: null }
  /** The template is wrong for this event: trying again cannot help. */
  | { kind: 'refused'; error: string }
  /** There is nothing to send, on purpose. */
  | { kind: 'skipped'; reason: string };

/** Makes it: at once, unless a template does. Never rejects. */
export function makeBody(config: WebhookConfig, delivery: Pick<Outgoing, 'told' | 'webhookId'>): Made | Promise<Made> {
  const { told, webhookId } = delivery;
  const preset = config.preset === undefined ? undefined : PRESETS[config.preset];
  if (preset !== undefined) {
    const made = preset({ event: told.event, webhookId, hubspotEvent: config.hubspotEvent ?? '' });
    return 'skipped' in made ? { kind: 'skipped', reason: made.skipped } : json(made.body);
  }
  // As the contract has it; the time is when it happened.
  const usual = `{"type":"${told.type}","timestamp":"${told.occurredAt}","data":${told.json}}`;
  if (config.template === undefined) return { kind: 'body', contentType: JSON_TYPE, text: usual };
  return fromTemplate(config.template, config.contentType ?? JSON_TYPE, usual);
}

async function fromTemplate(template: string, contentType: string, input: string): Promise<Made> {
  const text = !/^application\/(.+\+)?json\b/i.test(contentType);
  const answer = await runTemplate({ template, input, text });
  if (answer.ok) return { kind: 'body', contentType, text: answer.body };
  if (answer.tooLong) return { kind: 'failed', error: answer.error, retryAfterSeconds: null };
  return { kind: 'refused', error: answer.error };
}

const JSON_TYPE = 'application/json';

function json(body: JsonObject): Made {
  return { kind: 'body', contentType: JSON_TYPE, text: JSON.stringify(body) };
}
