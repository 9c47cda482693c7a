/**
 * Which of a learner's completed attempts at one activity a figure uses: the first, the last, the best (highest percentage),
 * or all. Attempts with a percentage come before those without. SQL: src/progress/queries/counted-attempts.ts.
 */
export const RETAKE_POLICIES = ['first', 'last', 'best', 'all'] as const;
export type RetakePolicy = (typeof RETAKE_POLICIES)[number];

export function isRetakePolicy(value: unknown): value is RetakePolicy {
  return RETAKE_POLICIES.some((policy) => policy === value);
}
