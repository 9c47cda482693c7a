/** What the pages of the dashboard ask for, on a school with a large, a middling and a small thing of each kind. */
import { publicId, type Uuid } from '../../src/core/ids.ts';
import type { Queryable } from '../../src/db/database.ts';

export interface Call {
  page: string;
  /** The path under /api/v1. */
  path: string;
}

/** Calls of every page, with the parameters that make them slowest: the largest activity, long ranges, zones, policies. */
export async function pageCalls(db: Queryable): Promise<Call[]> {
  const one = async (sql: string): Promise<Uuid> => {
    const rows = await db.query<{ id: Uuid }>(sql);
    if (rows[0] === undefined) throw new Error(`The school of the bench has nothing for: ${sql}`);
    return rows[0].id;
  };
  const largest = async (kind: string, offset: number): Promise<string> =>
    publicId(
      'act',
      await one(
        `SELECT t.id FROM activities t JOIN figure_sums s ON s.workspace = 1 AND s.scope = 'activity' AND s.key = t.id::text
         WHERE t.workspace = 1 AND t.kind = '${kind}' GROUP BY 1 ORDER BY sum(s.attempts) DESC OFFSET ${offset} LIMIT 1`,
      ),
    );
  const [quiz, exam, track, small] = [
    await largest('quiz', 0),
    await largest('exam', 0),
    await largest('track', 0),
    await largest('quiz', 40),
  ];
  const learner = publicId(
    'lrn',
    await one(
      'SELECT learner_id AS id FROM learner_totals WHERE workspace = 1 ORDER BY attempts_completed DESC LIMIT 1',
    ),
  );
  const attempt = publicId(
    'att',
    await one('SELECT id FROM attempts WHERE workspace = 1 AND responses IS NOT NULL ORDER BY opened_at DESC LIMIT 1'),
  );
  const cohort = async (n: number): Promise<string> =>
    publicId('coh', await one(`SELECT id FROM cohorts WHERE workspace = 1 AND name = 'Class ${n}'`));
  const [thousand, class30] = [await cohort(1), await cohort(2)];
  const since = (days: number): string => new Date(Date.now() - days * 86_400_000).toISOString();
  const month = `from=${since(30)}`;
  const quarter = `from=${since(90)}`;
  const year = `from=${since(365)}`;
  const past = `from=${since(400)}&to=${since(200)}`;
  const zone = 'tz=Asia/Kolkata';
  const calls = (page: string, ...paths: string[]): Call[] => paths.map((path) => ({ page, path }));
  const ofActivity = (id: string, figures: readonly string[]): string[] =>
    figures.flatMap((figure) => [`activities/${id}/${figure}`]);
  return [
    ...calls(
      'Live',
      'me',
      'running',
      'attention',
      'events',
      `running?cohort=${class30}`,
      `attention?cohort=${class30}`,
    ),
    ...calls(
      'Learners',
      'learners',
      'learners?sort=name',
      'learners?sort=lastActivity',
      'learners?sort=average',
      'learners?search=ada',
      'learners?search=user_99',
      `learners?cohort=${thousand}`,
      'learners/suggestions',
    ),
    ...calls(
      'Learner',
      `learners/${learner}`,
      `learners/${learner}/progress?${zone}`,
      `learners/${learner}/receipts`,
      `attempts?learner=${learner}`,
      `attempts/${attempt}`,
      'attempts',
      'attempts?state=abandoned',
      `attempts?cohort=${class30}`,
    ),
    ...calls(
      'Activities',
      'activities',
      'activities?sort=title',
      'activities?sort=attempts&limit=200',
      'activities?sort=average',
      `activities?cohort=${class30}`,
      'activities?search=19',
    ),
    ...[quiz, exam, small].flatMap((id) =>
      calls(
        'Activity',
        `activities/${id}`,
        ...ofActivity(id, [
          'distribution',
          'trend',
          'items',
          'grid',
          `distribution?${year}`,
          `items?${month}`,
          `trend?${zone}&attempts=all`,
        ]),
        `activities/${id}/distribution?cohort=${class30}`,
        `activities/${id}/items?cohort=${thousand}`,
        `activities/${id}/receipts`,
        `attempts?activity=${id}`,
      ),
    ),
    ...calls(
      'Activity',
      `activities/${track}/funnel`,
      `activities/${track}/funnel?${month}`,
      `activities/${track}/trend`,
    ),
    ...calls(
      'Overview',
      'overview',
      `overview?${month}&${zone}`,
      `overview?${quarter}&${zone}&attempts=first`,
      `overview?${year}&attempts=best`,
      `overview?${past}&${zone}`,
      `overview?${month}&unverified=exclude`,
      `overview?cohort=${class30}`,
      `overview?cohort=${thousand}&${quarter}`,
    ),
    ...calls('Classes', 'cohorts', `cohorts/${thousand}/members`),
    ...calls('Sources', 'sources', 'receipts', 'rejections', 'receipts?status=failed'),
    ...calls(
      'Explain',
      'explain?figure=overview.averagePercentage',
      `explain?figure=overview.passRate&${month}`,
      `explain?figure=overview.learners&${month}`,
      `explain?figure=overview.averagePercentage&cohort=${class30}`,
      `explain?figure=activity.averagePercentage&activity=${quiz}`,
      `explain?figure=activity.averagePercentage&activity=${small}`,
      `explain?figure=item.facility&activity=${quiz}&question=q2`,
      `explain?figure=learner.averagePercentage&learner=${learner}`,
    ),
    ...calls('Settings', 'keys', 'members', 'audit', 'workspace'),
  ];
}
