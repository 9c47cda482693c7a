/**
 * Figures that are made of answers or steps. Reading those takes a millisecond for some twenty attempts, so beyond a bound the
 * whole answer that the worker keeps is shown (for the usual choice), or the newest attempts are read and the answer says so.
 */
import type { Uuid } from '../../../core/ids.ts';
import type { Queryable } from '../../../db/database.ts';
import { activityFunnel, type FunnelAnswer } from './activity-funnel.ts';
import { activityItems, type ItemsAnswer } from './activity-items.ts';
import type { ClassFigures } from './class-attempts.ts';

/** Attempts whose answers or steps are read for one request. */
export const MOST_READ = 400;

export type BodyFigure = 'items' | 'funnel';
type OneActivity = ClassFigures & { scope: { activityId: Uuid } };

export interface Body<T> {
  body: T;
  asOf: Date;
  /** null: made of all attempts; else how many there are. */
  sampledFrom: number | null;
}

/** What a kept answer was made with: the policy, and whether results that only a secret URL proves count. */
export function choiceOf({ filter }: Pick<ClassFigures, 'filter'>): string {
  return `${filter.policy ?? filter.fallback} ${filter.excludeUnverified ? 'exclude' : 'include'}`;
}

export async function readItems(db: Queryable, figures: OneActivity, asOf: Date): Promise<Body<ItemsAnswer>> {
  return await read(db, 'items', figures, asOf, activityItems);
}

export async function readFunnel(db: Queryable, figures: OneActivity, asOf: Date): Promise<Body<FunnelAnswer>> {
  return await read(db, 'funnel', figures, asOf, activityFunnel);
}

async function read<T extends { chosen: number; read: number }>(
  db: Queryable,
  figure: BodyFigure,
  figures: OneActivity,
  asOf: Date,
  make: (db: Queryable, figures: OneActivity, most: number | null) => Promise<T>,
): Promise<Body<T>> {
  const { scope, filter } = figures;
  if (filter.from === null && filter.to === null && scope.cohorts === null) {
    const kept = await db.query<{ body: T; as_of: Date }>(
      `SELECT body, CASE WHEN EXISTS (SELECT FROM figure_body_marks m WHERE m.workspace = $1 AND m.activity_id = $2)
              THEN as_of ELSE $5::timestamptz END AS as_of
       FROM figure_bodies WHERE workspace = $1 AND activity_id = $2 AND figure = $3 AND choice = $4`,
      [scope.workspace, scope.activityId, figure, choiceOf(figures), asOf],
    );
    if (kept[0] !== undefined) return { body: kept[0].body, asOf: kept[0].as_of, sampledFrom: null };
  }
  const body = await make(db, figures, MOST_READ);
  return { body, asOf, sampledFrom: body.read < body.chosen ? body.chosen : null };
}
