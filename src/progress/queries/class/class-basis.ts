/** SQL: how many learners have attempts `c` of `entries` for which it holds. DISTINCT within count would sort all of them. */
export function learnersWhere(holds: string): string {
  return `(SELECT count(*)::int FROM (SELECT DISTINCT c.learner_id FROM entries c WHERE ${holds}) l)`;
}

const WITH_PERCENTAGE = 'c.finished AND c.percentage IS NOT NULL';

/** SQL: the columns of BasisCounts over `entries c` (./class-attempts.ts). */
export const CLASS_BASIS = `count(*) FILTER (WHERE c.scored)::int AS n,
  ${learnersWhere(WITH_PERCENTAGE)} AS learners,
  count(*) FILTER (WHERE c.chosen AND c.token)::int AS unverified,
  count(*) FILTER (WHERE c.finished AND c.percentage IS NULL)::int AS "noScore",
  (SELECT coalesce(sum(o.test), 0)::int FROM left_out o) AS "excludedTest",
  (SELECT coalesce(sum(o.revoked), 0)::int FROM left_out o) AS "excludedRevoked",
  (SELECT coalesce(sum(o.unverified), 0)::int FROM left_out o) AS "excludedUnverified"`;

/** The same of one activity, where each learner has one attempt that leads: counting those needs no sort. */
export const ACTIVITY_BASIS = CLASS_BASIS.replace(
  learnersWhere(WITH_PERCENTAGE),
  'count(*) FILTER (WHERE c.leads AND c.percentage IS NOT NULL)::int',
);
