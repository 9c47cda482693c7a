/** The body of a webhook: the usual one, a preset's, or what a template makes of the usual one. */
import type { JsonObject } from '../../../core/vocabulary.ts';
import type { Outgoing } from '../kind.ts';
import type { WebhookConfig } from './config.ts';
import { PRESETS } from './presets/presets.ts';
import { runTemplate } from './templates.ts';

export type Made =
  | { kind: 'body'; contentType: string; body: Buffer }
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
  const start = `{"type":"${told.type}","timestamp":"${told.occurredAt}","data":`;
  if (config.template === undefined) return bodyOf(JSON_TYPE, start, told.json, '}');
  return fromTemplate(config.template, config.contentType ?? JSON_TYPE, `${start}${told.json}}`);
}

async function fromTemplate(template: string, contentType: string, input: string): Promise<Made> {
  const text = !/^application\/(.+\+)?json\b/i.test(contentType);
  const answer = await runTemplate({ template, input, text });
  if (answer.ok) return bodyOf(contentType, answer.body);
  if (answer.tooLong) return { kind: 'failed', error: answer.error, retryAfterSeconds: null };
  return { kind: 'refused', error: answer.error };
}

const JSON_TYPE = 'application/json';

function json(body: JsonObject): Made {
  return bodyOf(JSON_TYPE, JSON.stringify(body));
}

/** Of texts, one after the other: joined before they are written they would be copied once more, thousands of times a second. */
function bodyOf(contentType: string, ...texts: readonly string[]): Made {
  let length = 0;
  for (const text of texts) length += Buffer.byteLength(text);
  const body = Buffer.allocUnsafe(length);
  let at = 0;
  for (const text of texts) at += body.write(text, at);
  return { kind: 'body', contentType, body };
}
