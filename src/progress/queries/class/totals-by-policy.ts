/** Totals alone, by every retake policy at once: what explaining a figure shows beside it. */
import type { Queryable } from '../../../db/database.ts';
import { RETAKE_POLICIES, type RetakePolicy } from '../../figures/retake-policy.ts';
import { inRange } from '../counted-attempts.ts';
import { type ClassFigures, classAttempts, classValues } from './class-attempts.ts';
import { CLASS_BASIS, learnersWhere } from './class-basis.ts';
import type { ClassTotals } from './overview-figures.ts';
import { peopleOf } from './stored-people.ts';
import { anyOwnPolicy } from './stored-sums.ts';
import { chosenByRange, sumsOfSpans, wholeSpans } from './sums-of-range.ts';

type ByPolicy = Pick<ClassTotals, 'averagePercentage' | 'passed' | 'failed'>;
type Common = Pick<ClassTotals, 'learners' | 'attemptsStarted' | 'attemptsCompleted' | 'timeSeconds'>;
export type Totals = ByPolicy & Common & Pick<ClassTotals, 'basis'>;

/** By each policy, and by the one asked for: where none is, each activity's own. */
export type TotalsByPolicy = Readonly<Record<RetakePolicy | 'asked', Totals>>;

/** As a statement gives them: what the policies share, and what each of them chooses. */
interface Row extends Common {
  basis: Omit<ClassTotals['basis'], 'n' | 'unverified'>;
  policies: Record<RetakePolicy | 'asked', ByPolicy & Pick<ClassTotals['basis'], 'n' | 'unverified'>>;
}

/** As readOverview has them; but the learners of one activity are those who completed it. */
export async function totalsByPolicy(db: Queryable, figures: ClassFigures): Promise<TotalsByPolicy> {
  const { scope, filter, source } = figures;
  if (source === 'live' || scope.cohorts !== null) return await fromAttempts(db, figures);
  if (scope.activityId === null) return await fromSums(db, figures);
  return filter.from === null && filter.to === null ? await ofActivity(db, figures) : await fromAttempts(db, figures);
}

const ALL = [...RETAKE_POLICIES, 'asked'] as const;

function shared({ policies, basis, ...common }: Row): TotalsByPolicy {
  const of = (policy: RetakePolicy | 'asked'): Totals => {
    const { n, unverified, ...chosen } = policies[policy];
    return { ...common, ...chosen, basis: { ...basis, n, unverified } };
  };
  return { first: of('first'), last: of('last'), best: of('best'), all: of('all'), asked: of('asked') };
}

function only(rows: readonly Row[]): Row {
  const row = rows[0];
  if (row === undefined) throw new Error('An aggregate without GROUP BY gave no row.');
  return row;
}

/** SQL: `policies` of Row as JSON; `columns` gives each policy's columns. */
function policiesSql(
  columns: (policy: RetakePolicy | 'asked') => Record<keyof Row['policies']['all'], string>,
): string {
  const one = (policy: RetakePolicy | 'asked'): string =>
    `'${policy}', json_build_object(${Object.entries(columns(policy))
      .map(([name, sql]) => `'${name}', ${sql}`)
      .join(', ')})`;
  return `json_build_object(${ALL.map(one).join(', ')})`;
}

async function fromAttempts(db: Queryable, figures: ClassFigures): Promise<TotalsByPolicy> {
  const chosen = { first: 'c.by_first', last: 'c.by_last', best: 'c.by_best', all: 'c.finished', asked: 'c.chosen' };
  const rows = await db.query<Row>(
    `${classAttempts(figures, { every: true })}
     SELECT ${
       // Each learner has one attempt at an activity that leads.
       figures.scope.activityId === null
         ? learnersWhere(inRange('c.active_at'))
         : 'count(*) FILTER (WHERE c.leads)::int'
     } AS learners,
            count(*) FILTER (WHERE ${inRange('c.opened_at')} AND c.told_start)::int AS "attemptsStarted",
            count(*) FILTER (WHERE c.finished)::int AS "attemptsCompleted",
            coalesce(sum(c.seconds::numeric), 0)::float8 AS "timeSeconds",
            (SELECT to_json(x) FROM (SELECT ${CLASS_BASIS} FROM entries c) x) AS basis,
            ${policiesSql((policy) => ({
              averagePercentage: `avg(c.exact) FILTER (WHERE ${chosen[policy]})::float8`,
              passed: `count(*) FILTER (WHERE ${chosen[policy]} AND c.passed)`,
              failed: `count(*) FILTER (WHERE ${chosen[policy]} AND NOT c.passed)`,
              n: `count(*) FILTER (WHERE ${chosen[policy]} AND c.percentage IS NOT NULL)`,
              unverified: `count(*) FILTER (WHERE ${chosen[policy]} AND c.token)`,
            }))} AS policies
     FROM entries c`,
    await classValues(db, figures),
  );
  return shared(only(rows));
}

/** SQL: each policy's columns from the columns of figure_sums `s`; `asked` is the one whose columns hold for what was asked. */
const sumsOf = (asked: RetakePolicy | 'own') =>
  policiesSql((policy) => {
    const name = policy === 'asked' ? asked : policy;
    return {
      averagePercentage: `(sum(s.${name}_sum) / nullif(sum(s.${name}_n), 0))::float8`,
      passed: `coalesce(sum(s.${name}_passed), 0)`,
      failed: `coalesce(sum(s.${name}_failed), 0)`,
      n: `coalesce(sum(s.${name}_n), 0)`,
      unverified: `coalesce(sum(s.${name}_token), 0)`,
    };
  });

const COMMON_SUMS = `coalesce(sum(s.started), 0)::int AS "attemptsStarted",
  coalesce(sum(s.completed), 0)::int AS "attemptsCompleted", coalesce(sum(s.seconds), 0)::float8 AS "timeSeconds"`;

const leftOutSums = (excludeUnverified: boolean): string =>
  `'noScore', coalesce(sum(s.no_score), 0), 'excludedTest', coalesce(sum(s.test), 0), 'excludedRevoked', coalesce(sum(s.revoked), 0),
   'excludedUnverified', ${excludeUnverified ? 'coalesce(sum(s.unverified), 0)' : '0'}`;

/** Of one activity over all time: they stand in one line. */
async function ofActivity(db: Queryable, { scope, filter }: ClassFigures): Promise<TotalsByPolicy> {
  const rows = await db.query<Row>(
    `SELECT coalesce(sum(s.learners), 0)::int AS learners, ${COMMON_SUMS},
            json_build_object('learners', coalesce(sum(s.first_n), 0), ${leftOutSums(filter.excludeUnverified)}) AS basis,
            ${sumsOf(filter.policy ?? 'own')} AS policies
     FROM figure_sums s WHERE s.workspace = $1 AND s.scope = 'activity' AND s.key = $2::text AND s.variant IN (0, $3)`,
    [scope.workspace, scope.activityId, filter.excludeUnverified ? 2 : 1],
  );
  return shared(only(rows));
}

const SUMMED = ['n', 'sum', 'passed', 'failed', 'token'] as const;

/** Of a workspace: sums of months and days, and what a policy chooses only because the range leaves a better attempt out (./stored-sums.ts). */
async function fromSums(db: Queryable, figures: ClassFigures): Promise<TotalsByPolicy> {
  const { scope, filter } = figures;
  const asked = filter.policy ?? ((await anyOwnPolicy(db, figures)) ? 'own' : filter.fallback);
  const variant = filter.excludeUnverified ? 2 : 1;
  const names = ['first', 'last', 'best', 'all', ...(asked === 'own' ? (['own'] as const) : [])] as const;
  const plain = ['started', 'completed', 'seconds', 'no_score', 'test', 'revoked', 'unverified'];
  const by = (policy: 'first' | 'last' | 'best', own: boolean): string =>
    chosenByRange(policy, 'f.percentage, f.passed, f.token', { from: '$3', to: '$4', variant, own });
  const added = (name: (typeof names)[number]): string => {
    if (name === 'all') return '';
    const sums = `count(r.percentage), coalesce(sum(r.percentage::numeric), 0), count(*) FILTER (WHERE r.passed),
      count(*) FILTER (WHERE NOT r.passed), count(*) FILTER (WHERE r.token)`;
    const rows = name === 'own' ? [by('first', true), by('last', true), by('best', true)] : [by(name, false)];
    return `UNION ALL SELECT ${plain.map(() => '0').join(', ')},
      ${names.map((other) => (other === name ? sums : SUMMED.map(() => '0').join(', '))).join(', ')}
      FROM (${rows.join(' UNION ALL ')}) r`;
  };
  const columns = [...plain, ...names.flatMap((name) => SUMMED.map((sum) => `${name}_${sum}`))];
  const rows = await db.query<Row>(
    `WITH s AS (
       SELECT ${columns.map((name) => `s.${name}`).join(', ')} FROM ${sumsOfSpans(variant)} s
       WHERE $2::int IS NOT NULL AND $5::int IS NOT NULL
       ${names.map(added).join(' ')}
     )
     SELECT 0 AS learners, ${COMMON_SUMS}, json_build_object('learners', 0, ${leftOutSums(filter.excludeUnverified)}) AS basis,
            ${sumsOf(asked)} AS policies
     FROM s`,
    [scope.workspace, 0, filter.from, filter.to, 0, ...wholeSpans(filter)],
  );
  const row = only(rows);
  const people = await peopleOf(db, figures);
  return shared({ ...row, learners: people.active, basis: { ...row.basis, learners: people.scored } });
}
