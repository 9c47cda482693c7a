/** What a mail can say of an event, as text in the mail's language. What the event does not hold is null. */
import type { Json, JsonObject } from '../../../core/vocabulary.ts';
import type { EventObject } from '../../../live/events.ts';
import { oneLine } from './addresses.ts';
import type { Texts } from './texts/texts.ts';

/** Longer names and titles are cut: a mail is no place for what a platform may send. */
const LONGEST = 200;
const LONGEST_REVIEW = 2000;

export interface Particulars {
  learner: string | null;
  activity: string | null;
  /** `8 of 10 (80 %)`. */
  result: string | null;
  /** The share alone: `80 %`. */
  score: string | null;
  outcome: string | null;
  when: string;
  duration: string | null;
  source: string | null;
  step: string | null;
  /** A URL. */
  certificate: string | null;
  review: string | null;
  /** Of learner.needs_attention. */
  found: string | null;
  reason: string | null;
  endpoint: string | null;
  lastReceipt: string | null;
  refused: string | null;
}

export function particularsOf(event: EventObject, texts: Texts, timeZone: string): Particulars {
  const { learner, activity, attempt, data, previous, source } = event;
  const number = new Intl.NumberFormat(texts.locale, { maximumFractionDigits: 1 });
  const clock = new Intl.DateTimeFormat(texts.locale, {
    dateStyle: 'long',
    timeStyle: 'short',
    timeZone,
  });
  const time = (iso: string | null): string | null =>
    iso === null || Number.isNaN(Date.parse(iso)) ? null : `${clock.format(new Date(iso))} (${timeZone})`;
  const result = resultOf(attempt, texts, number);
  const before = previous === null ? null : resultOf({ ...previous }, texts, number);
  const outcome = textOf(attempt?.outcome);
  const flag = objectOf(data.flag);
  return {
    learner: textOf(learner?.name),
    activity: textOf(activity?.title),
    result: result !== null && before !== null ? `${result}, ${texts.before(before)}` : result,
    score: percentOf(attempt, number),
    outcome: outcome === 'passed' || outcome === 'failed' ? texts.outcomes[outcome] : null,
    when: time(event.occurredAt) ?? event.occurredAt,
    duration: durationOf(attempt, texts),
    source: textOf(source?.slug),
    step: stepOf(objectOf(data.step)),
    certificate: urlOf(objectOf(data.certificate)?.url),
    review: reviewOf(objectOf(data.review) ?? data, number, event.type),
    found: flag === null ? null : foundOf(flag, texts, number),
    reason: textOf(data.reason),
    endpoint: textOf(data.endpointId),
    lastReceipt: time(textOf(data.lastReceiptAt)),
    refused: numberOf(data.refused) === null ? null : number.format(numberOf(data.refused) ?? 0),
  };
}

function resultOf(of: JsonObject | null, texts: Texts, number: Intl.NumberFormat): string | null {
  const score = numberOf(of?.score);
  const most = numberOf(of?.maxScore);
  const percent = percentOf(of, number);
  const points = score === null ? null : most === null ? null : texts.ofMost(number.format(score), number.format(most));
  if (points !== null && percent !== null) return `${points} (${percent})`;
  return points ?? percent ?? (score === null ? null : number.format(score));
}

function percentOf(of: JsonObject | null, number: Intl.NumberFormat): string | null {
  const percentage = numberOf(of?.percentage);
  return percentage === null ? null : `${number.format(percentage)} %`;
}

/** Only what the platform reported: the time between two of its messages may hold a night's sleep. */
function durationOf(attempt: JsonObject | null, texts: Texts): string | null {
  const seconds = attempt?.timeKind === 'reported' ? numberOf(attempt.timeSpentSeconds) : null;
  if (seconds === null || seconds < 0) return null;
  const parts: [number, string][] = [
    [Math.floor(seconds / 3600), 'hour'],
    [Math.floor((seconds % 3600) / 60), 'minute'],
    [Math.round(seconds % 60), 'second'],
  ];
  const told = parts.filter(([n], i) => n > 0 || (i === 2 && seconds < 1));
  return told
    .map(([n, unit]) => new Intl.NumberFormat(texts.locale, { style: 'unit', unit, unitDisplay: 'short' }).format(n))
    .join(' ');
}

function stepOf(step: JsonObject | null): string | null {
  const id = textOf(step?.externalId);
  const index = numberOf(step?.index);
  const total = numberOf(step?.total);
  if (id === null) return null;
  return index === null ? id : `${id} (${index}${total === null ? '' : ` / ${total}`})`;
}

function reviewOf(review: JsonObject, number: Intl.NumberFormat, type: EventObject['type']): string | null {
  if (!type.startsWith('review.')) return null;
  const score = numberOf(review.score);
  const text = textOf(review.content, LONGEST_REVIEW);
  return [score === null ? null : number.format(score), text].filter((part) => part !== null).join(' – ') || null;
}

function foundOf(flag: JsonObject, texts: Texts, number: Intl.NumberFormat): string | null {
  const rule = textOf(flag.rule);
  if (rule === null) return null;
  const facts: Record<string, string> = {};
  for (const [name, value] of Object.entries(objectOf(flag.facts) ?? {})) {
    if (typeof value === 'number') facts[name] = number.format(value);
    else facts[name] = textOf(value) ?? '';
  }
  if (Object.hasOwn(texts.rules, rule)) return texts.rules[rule]?.(facts) ?? null;
  return texts.otherRule(rule);
}

function urlOf(value: Json | undefined): string | null {
  const text = textOf(value, 2000);
  return text !== null && /^https?:\/\/[^\s"<>]+$/.test(text) ? text : null;
}

function textOf(value: Json | undefined, longest = LONGEST): string | null {
  if (typeof value !== 'string') return null;
  const line = oneLine(value);
  if (line === '') return null;
  return line.length > longest ? `${line.slice(0, longest - 1)}…` : line;
}

function numberOf(value: Json | undefined): number | null {
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}

function objectOf(value: Json | undefined): JsonObject | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : null;
}
