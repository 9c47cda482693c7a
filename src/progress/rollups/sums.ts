/** What a row of figure_attempts adds to the sums, as SQL. */

const POLICIES = ['first', 'last', 'best', 'all', 'own'] as const;

/** SQL: whether the policy chooses it over all time. */
function final(policy: (typeof POLICIES)[number]): string {
  switch (policy) {
    case 'all':
      return 'true';
    case 'own':
      return `CASE f.own WHEN 'all' THEN true WHEN 'first' THEN ${final('first')} WHEN 'best' THEN ${final('best')} ELSE ${final('last')} END`;
    default:
      return `(f.${policy}_before IS NULL AND f.${policy}_after IS NULL)`;
  }
}

const COUNTS: Readonly<Record<string, string>> = {
  attempts: 'e.opens AND f.left_out IS NULL',
  started: 'e.opens AND f.left_out IS NULL AND f.told_start',
  unended: `e.opens AND f.left_out IS NULL AND f.state IN ('started', 'submitted')`,
  step_gaps: 'e.opens AND f.left_out IS NULL AND f.step_gap',
  completed: `e.ends AND f.left_out IS NULL AND f.state = 'completed'`,
  learners: `e.ends AND f.left_out IS NULL AND f.state = 'completed' AND ${final('first')}`,
  abandoned: `e.ends AND f.left_out IS NULL AND f.state = 'abandoned'`,
  no_score: `e.ends AND f.left_out IS NULL AND f.state = 'completed' AND f.percentage IS NULL`,
  ...Object.fromEntries(
    ['test', 'revoked', 'unverified'].map((reason) => [
      reason,
      `f.left_out = '${reason}' AND CASE WHEN f.done_at IS NULL THEN e.opens ELSE e.ends END`,
    ]),
  ),
};

const CHOSEN: Readonly<Record<string, string>> = Object.fromEntries(
  POLICIES.flatMap((policy) => [
    [`${policy}_n`, `${final(policy)} AND f.percentage IS NOT NULL`],
    [`${policy}_passed`, `${final(policy)} AND f.passed`],
    [`${policy}_failed`, `${final(policy)} AND NOT f.passed`],
    [`${policy}_token`, `${final(policy)} AND f.token`],
  ]),
);

/** Exact decimals: what is added and taken away again leaves nothing. */
const TOTALS: Readonly<Record<string, string>> = {
  seconds: `sum(f.seconds::numeric) FILTER (WHERE e.ends AND f.left_out IS NULL)`,
  ...Object.fromEntries(
    POLICIES.map((policy) => [
      `${policy}_sum`,
      `sum(f.percentage::numeric) FILTER (WHERE e.ends AND f.left_out IS NULL AND f.state = 'completed' AND ${final(policy)})`,
    ]),
  ),
};

const COLUMNS: readonly (readonly [string, string])[] = [
  ...Object.entries(COUNTS).map(([name, when]) => [name, `count(*) FILTER (WHERE ${when})`] as const),
  ...Object.entries(CHOSEN).map(
    ([name, when]) =>
      [name, `count(*) FILTER (WHERE e.ends AND f.left_out IS NULL AND f.state = 'completed' AND ${when})`] as const,
  ),
  ...Object.entries(TOTALS).map(([name, sum]) => [name, `coalesce(${sum}, 0)`] as const),
];

const NAMES = COLUMNS.map(([name]) => name);
const DAY = (time: string): string => `date_bin('1 day', ${time}, 'epoch')`;
const MONTH = (time: string): string => `date_trunc('month', ${time}, 'UTC')`;
const SHIFT = (time: string): string => `date_bin('6 hours', ${time}, 'epoch')`;
const QUARTER = (time: string): string => `date_bin('15 minutes', ${time}, 'epoch')`;

/**
 * SQL: adds the rows of the CTE `rows` (columns of figure_attempts) to figure_sums and figure_areas, or takes them away (sign −1). Two
 * data-modifying CTEs, `summed` and `areas_summed`. Only one process at a time may run it.
 */
export function summed(rows: string, sign: 1 | -1): string {
  return `summed AS (
    INSERT INTO figure_sums (workspace, scope, key, variant, bucket, ${NAMES.join(', ')})
    SELECT f.workspace, e.scope, e.key, f.variant, e.bucket, ${COLUMNS.map(([, value]) => `${sign} * ${value}`).join(', ')}
    FROM ${rows} f
    CROSS JOIN LATERAL (
      VALUES ('quarter', '', ${QUARTER('f.opened_at')}, true, false),
             ('quarter', '', ${QUARTER('f.done_at')}, false, true),
             ('shift', '', ${SHIFT('f.opened_at')}, true, false),
             ('shift', '', ${SHIFT('f.done_at')}, false, true),
             ('provider', f.provider || ' ' || f.verification, ${QUARTER('f.opened_at')}, true, false),
             ('provider', f.provider || ' ' || f.verification, ${QUARTER('f.done_at')}, false, true),
             ('day', f.provider || ' ' || f.verification, ${DAY('f.opened_at')}, true, false),
             ('day', f.provider || ' ' || f.verification, ${DAY('f.done_at')}, false, true),
             ('month', f.provider || ' ' || f.verification, ${MONTH('f.opened_at')}, true, false),
             ('month', f.provider || ' ' || f.verification, ${MONTH('f.done_at')}, false, true),
             ('activity', f.activity_id::text, '-infinity', true, f.done_at IS NOT NULL)
    ) AS e (scope, key, bucket, opens, ends)
    WHERE e.bucket IS NOT NULL
    GROUP BY 1, 2, 3, 4, 5
    ON CONFLICT (workspace, scope, variant, key, bucket) DO UPDATE SET
      ${NAMES.map((name) => `${name} = figure_sums.${name} + excluded.${name}`).join(', ')}
  ), areas_summed AS (
    INSERT INTO figure_areas (workspace, span, variant, starts, activity_id, kind, name, parent, wrong, total, unanswered, learners)
    SELECT f.workspace, e.span, f.variant, e.starts,
           CASE WHEN a.value -> 1 = 'null' THEN f.activity_id ELSE '00000000-0000-0000-0000-000000000000' END,
           a.value ->> 0, coalesce(a.value ->> 1, ''), coalesce(a.value ->> 2, ''), ${sign} * sum((a.value ->> 3)::float8),
           ${sign} * sum((a.value ->> 4)::float8), ${sign} * sum((a.value ->> 5)::float8), ${sign} * count(*)
    FROM ${rows} f
    CROSS JOIN LATERAL (
      VALUES ('day', (f.done_at AT TIME ZONE 'UTC')::date),
             ('month', date_trunc('month', f.done_at AT TIME ZONE 'UTC')::date),
             ('quarter', date_trunc('quarter', f.done_at AT TIME ZONE 'UTC')::date),
             ('all', '-infinity'::date)
    ) AS e (span, starts)
    CROSS JOIN LATERAL jsonb_array_elements(f.areas) a
    WHERE f.left_out IS NULL AND f.state = 'completed' AND ${final('last')}
    GROUP BY 1, 2, 3, 4, 5, 6, 7, 8
    ON CONFLICT (workspace, span, variant, starts, activity_id, kind, name, parent) DO UPDATE SET
      wrong = figure_areas.wrong + excluded.wrong, total = figure_areas.total + excluded.total,
      unanswered = figure_areas.unanswered + excluded.unanswered, learners = figure_areas.learners + excluded.learners
  )`;
}
