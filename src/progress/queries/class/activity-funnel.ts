/** The steps of a track: how many reach, try, complete and skip each. */
import type { Queryable } from '../../../db/database.ts';
import type { BasisCounts } from '../../figures/basis.ts';
import { inRange } from '../counted-attempts.ts';
import { type ClassFigures, classAttempts, classValues } from './class-attempts.ts';
import { CLASS_BASIS } from './class-basis.ts';

export interface FunnelStep {
  externalId: string;
  index: number | null;
  started: number;
  attempted: number;
  completed: number;
  skipped: number;
  medianSeconds: number | null;
  tries: number;
}

export interface FunnelAnswer {
  steps: FunnelStep[];
  chosen: number;
  read: number;
  basis: BasisCounts;
}

/**
 * Steps of the attempts that began within the range, running ones included: a funnel is about those who are under way as well.
 * The policy chooses by when an attempt began (first, last), or the one with most steps completed (best). Of the newest `most`
 * (null: all). The basis counts the attempts used.
 */
export async function activityFunnel(db: Queryable, figures: ClassFigures, most: number | null): Promise<FunnelAnswer> {
  const values = await classValues(db, figures);
  const policy = figures.filter.policy ?? figures.filter.fallback;
  const order = { first: 'b.opened_at, b.id', last: 'b.opened_at DESC, b.id DESC', all: 'b.id' };
  const byStart = policy === 'best' ? 'b.done DESC, b.opened_at, b.id' : order[policy];
  const rows = await db.query<FunnelAnswer>(
    `${classAttempts(figures)}, begun AS (
       SELECT c.id, c.learner_id, c.opened_at, c.token, ${
         policy === 'best'
           ? `(SELECT count(*) FROM jsonb_array_elements(CASE WHEN jsonb_typeof(a.steps) = 'array' THEN a.steps ELSE '[]' END) s
               WHERE s.value ->> 'state' = 'completed')`
           : '0'
       } AS done
       FROM entries c ${policy === 'best' ? 'JOIN attempts a ON a.workspace = $1 AND a.id = c.id' : ''}
       WHERE ${inRange('c.opened_at')}
     ), ranked AS MATERIALIZED (
       SELECT b.*, row_number() OVER (PARTITION BY b.learner_id ORDER BY ${byStart}) AS place FROM begun b
     ), used AS MATERIALIZED (
       SELECT r.* FROM ranked r WHERE ${policy === 'all' ? 'true' : 'r.place = 1'}
     ), picked AS MATERIALIZED (
       SELECT u.id FROM used u ORDER BY u.opened_at DESC, u.id DESC LIMIT $${values.push(most)}::int
     ), steps AS MATERIALIZED (
       SELECT s.*, coalesce('#' || s.index, 'id:' || s."externalId") AS step
       FROM picked p JOIN attempts a ON a.workspace = $1 AND a.id = p.id
       CROSS JOIN LATERAL jsonb_to_recordset(CASE WHEN jsonb_typeof(a.steps) = 'array' THEN a.steps ELSE '[]' END)
         AS s ("externalId" text, index integer, state text, "startedAt" timestamptz, "completedAt" timestamptz, attempts integer)
     )
     SELECT (SELECT count(*)::int FROM used) AS chosen, (SELECT count(*)::int FROM picked) AS read,
       (SELECT to_json(x) FROM (
          SELECT b.*, u.n, u.learners, u.unverified
          FROM (SELECT ${CLASS_BASIS} FROM entries c) AS b (n0, learners0, unverified0, "noScore", "excludedTest", "excludedRevoked", "excludedUnverified"),
            (SELECT count(*)::int AS n, count(DISTINCT learner_id)::int AS learners,
                    count(*) FILTER (WHERE token)::int AS unverified FROM used) u) x) AS basis,
       (SELECT coalesce(json_agg(x ORDER BY x.index NULLS LAST, x."externalId"), '[]') FROM (
          SELECT max(s."externalId") AS "externalId", min(s.index) AS index,
                 count(*) FILTER (WHERE s.state <> 'skipped')::int AS started,
                 count(*) FILTER (WHERE s.attempts > 0)::int AS attempted,
                 count(*) FILTER (WHERE s.state = 'completed')::int AS completed,
                 count(*) FILTER (WHERE s.state = 'skipped')::int AS skipped,
                 coalesce(sum(s.attempts), 0)::int AS tries,
                 percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM s."completedAt" - s."startedAt")::float8)
                   FILTER (WHERE s."completedAt" >= s."startedAt") AS "medianSeconds"
          FROM steps s GROUP BY s.step) x) AS steps`,
    values,
  );
  const row = rows[0];
  if (row === undefined) throw new Error('A statement without FROM gave no row.');
  return row;
}
