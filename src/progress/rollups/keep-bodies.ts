/** Keeps whole answers of figures that are made of too many answers or steps to read for each request. */
import type { Uuid } from '../../core/ids.ts';
import type { Database } from '../../db/database.ts';
import { activityFunnel } from '../queries/class/activity-funnel.ts';
import { activityItems } from '../queries/class/activity-items.ts';
import { type BodyFigure, choiceOf, MOST_READ } from '../queries/class/read-bodies.ts';
import { figureSettings } from '../queries/figure-settings.ts';

/** A stale answer is made anew no sooner than this after it was made. */
const SOONEST_MS = 5_000;
/** What an answer took to make, it rests so many times: one large activity never takes more than a few per cent of the machine. */
const REST_FACTOR = 30;

interface Wanted {
  id: Uuid;
  figure: BodyFigure;
  policy: 'first' | 'last' | 'best' | 'all';
}

/** Makes the one that is missing or has been stale for longest. False when none is due. */
export async function keepBody(db: Database, workspace: number): Promise<boolean> {
  const settings = await figureSettings(db, workspace);
  const exclude = settings.excludeUnverified;
  const due = await db.query<Wanted>(
    `SELECT t.id, w.figure, w.policy
     FROM figure_sums s
     JOIN activities t ON t.workspace = $1 AND t.id = s.key::uuid
     CROSS JOIN LATERAL (
       SELECT 'items' AS figure, $2::text AS policy WHERE t.kind <> 'track'
       UNION ALL SELECT 'funnel', coalesce(t.attempts_policy, $3::text) WHERE t.kind = 'track'
     ) w
     LEFT JOIN figure_bodies b ON b.workspace = $1 AND b.activity_id = t.id AND b.figure = w.figure
       AND b.choice = w.policy || ' ' || $4::text
     WHERE s.workspace = $1 AND s.scope = 'activity' AND s.variant IN (0, $5) AND (b.activity_id IS NULL
       OR EXISTS (SELECT FROM figure_body_marks m WHERE m.workspace = $1 AND m.activity_id = t.id)
         AND b.as_of < now() - make_interval(secs => greatest($6::float8, b.took_ms * $7::float8) / 1000))
     GROUP BY 1, 2, 3, b.as_of HAVING sum(s.attempts) > $8
     ORDER BY b.as_of NULLS FIRST LIMIT 1`,
    [
      workspace,
      settings.itemsPolicy,
      settings.classPolicy,
      exclude ? 'exclude' : 'include',
      exclude ? 2 : 1,
      SOONEST_MS,
      REST_FACTOR,
      MOST_READ,
    ],
  );
  const wanted = due[0];
  if (wanted === undefined) return false;
  const figures = {
    scope: { workspace, activityId: wanted.id, cohorts: null },
    filter: { from: null, to: null, excludeUnverified: exclude, policy: wanted.policy, fallback: wanted.policy },
    source: 'stored',
  } as const;
  const began = performance.now();
  await db.transaction(async (tx) => {
    // One snapshot: the marks taken are those of changes that the answer holds.
    await tx.query('SET TRANSACTION ISOLATION LEVEL REPEATABLE READ');
    await tx.query(`SET LOCAL work_mem = '64MB'`);
    await tx.query('DELETE FROM figure_body_marks WHERE workspace = $1 AND activity_id = $2', [workspace, wanted.id]);
    const body = await (wanted.figure === 'items' ? activityItems : activityFunnel)(tx, figures, null);
    await tx.query(
      `INSERT INTO figure_bodies (workspace, activity_id, figure, choice, body, as_of, took_ms)
       VALUES ($1, $2, $3, $4, $5, now(), $6)
       ON CONFLICT (workspace, activity_id, figure, choice) DO UPDATE SET body = excluded.body, as_of = excluded.as_of,
         took_ms = excluded.took_ms`,
      [
        workspace,
        wanted.id,
        wanted.figure,
        choiceOf(figures),
        JSON.stringify(body),
        Math.round(performance.now() - began),
      ],
    );
  });
  return true;
}
