/** Scores and durations. Nothing that was not sent is made up, and no score breaks the rules of xAPI. */
import type { Json, JsonObject } from '../../../core/vocabulary.ts';
import type { Result, Score } from './statement.ts';

export function numberAt(of: JsonObject | null, name: string): number | null {
  const value = of?.[name];
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}

export function textAt(of: JsonObject | null, name: string): string | null {
  const value = of?.[name];
  return typeof value === 'string' && value !== '' ? value : null;
}

export function objectAt(of: JsonObject | null, name: string): JsonObject | null {
  return asObject(of?.[name]);
}

export function asObject(value: Json | undefined): JsonObject | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : null;
}

/**
 * A score of what was sent. A maximum below the score (bonus marks) and a share outside of −1..1 (negative marking can go
 * further) are left out: an LRS refuses them.
 */
export function scoreOf(told: { raw: number | null; max: number | null; scaled: number | null }): Score | null {
  const { raw, max, scaled } = told;
  const score: Score = {
    ...(scaled === null || Math.abs(scaled) > 1 ? {} : { scaled: Number(scaled.toFixed(6)) }),
    ...(raw === null ? {} : { raw }),
    ...(raw === null || max === null || raw > max ? {} : { max }),
  };
  return Object.keys(score).length === 0 ? null : score;
}

/** The attempt's score as it stood. */
export function attemptScore(attempt: JsonObject | null): Score | null {
  const percentage = numberAt(attempt, 'percentage');
  return scoreOf({
    raw: numberAt(attempt, 'score'),
    max: numberAt(attempt, 'maxScore'),
    scaled: percentage === null ? null : percentage / 100,
  });
}

/** How long it took, where the platform said so: what we measured between two of its times is no duration it sent. */
export function attemptDuration(attempt: JsonObject | null): Pick<Result, 'duration'> {
  const seconds = textAt(attempt, 'timeKind') === 'reported' ? numberAt(attempt, 'timeSpentSeconds') : null;
  return seconds === null || seconds < 0 ? {} : { duration: isoDuration(seconds) };
}

/** ISO 8601 to the hundredth of a second, as precise as LRSs compare: 312 → PT5M12S. */
function isoDuration(seconds: number): string {
  const hundredths = Math.round(seconds * 100);
  const hours = Math.floor(hundredths / 360_000);
  const minutes = Math.floor((hundredths % 360_000) / 6_000);
  const rest = (hundredths % 6_000) / 100;
  const parts = `${hours > 0 ? `${hours}H` : ''}${minutes > 0 ? `${minutes}M` : ''}`;
  return `PT${parts}${rest > 0 || parts === '' ? `${rest}S` : ''}`;
}
