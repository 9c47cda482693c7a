/** SQL: what figures over many learners ask of an attempt `a` (and its activity `t`) besides whether it counts. */

/** Platforms that send an event when an attempt begins (../shared/platforms.md). */
export const TELL_STARTS = ['quizapi', 'testpress', 'instruqt'] as const;

/** Whether its platform tells when attempts begin; of `standard` sources the facts say it. */
export function toldStartSql(a: string): string {
  return `(${a}.provider IN (${TELL_STARTS.map((provider) => `'${provider}'`).join(', ')})
    OR ${a}.provider = 'standard' AND ${a}.facts::jsonb @> '[{"t": "attempt.started"}]')`;
}

/** The platform's own word on the outcome; where it says nothing, the activity's pass mark; null where nothing says. */
export function passedSql(a: string, t: string): string {
  return `coalesce(${a}.outcome = 'passed', ${a}.percentage >= ${t}.pass_percentage)`;
}

/** Whether numbers of steps are missing between those that were told, or before the first. */
export function stepGapSql(a: string): string {
  return `(SELECT coalesce(count(DISTINCT s.index) < max(s.index) - least(min(s.index), 1) + 1, false)
    FROM jsonb_to_recordset(CASE WHEN jsonb_typeof(${a}.steps) = 'array' THEN ${a}.steps ELSE '[]' END) AS s (index integer))`;
}
