/** How a workspace wants its figures made, where a request does not say. */
import type { Queryable } from '../../db/database.ts';
import { isRetakePolicy, type RetakePolicy } from '../figures/retake-policy.ts';
import { isTimeZone } from '../figures/time-zone.ts';

export interface FigureSettings {
  /** Retake policy of a learner's own page. */
  learnerPolicy: RetakePolicy;
  /** Retake policy of class figures: activities, overviews. */
  classPolicy: RetakePolicy;
  /** Retake policy of figures of items. */
  itemsPolicy: RetakePolicy;
  /** Leave out results that only a secret URL proves. */
  excludeUnverified: boolean;
  tz: string;
  /** The database's clock: what figures read in the same transaction are as of. */
  asOf: Date;
}

/**
 * Reads `settings.figures` of the workspace: `{attempts: {learner, class, items}, unverified: "include"|"exclude", tz}`. What is not
 * there, or is nothing we know, is the contract's default.
 */
export async function figureSettings(db: Queryable, workspace: number): Promise<FigureSettings> {
  const rows = await db.query<
    { as_of: Date } & Record<'learner' | 'class' | 'items' | 'unverified' | 'tz', string | null>
  >(
    `SELECT now() AS as_of, settings #>> '{figures,attempts,learner}' AS learner, settings #>> '{figures,attempts,class}' AS class,
            settings #>> '{figures,attempts,items}' AS items,
            settings #>> '{figures,unverified}' AS unverified, settings #>> '{figures,tz}' AS tz
     FROM workspaces WHERE id = $1`,
    [workspace],
  );
  const row = rows[0];
  if (row === undefined) throw new Error(`There is no workspace ${workspace}.`);
  return {
    learnerPolicy: isRetakePolicy(row.learner) ? row.learner : 'all',
    classPolicy: isRetakePolicy(row.class) ? row.class : 'last',
    itemsPolicy: isRetakePolicy(row.items) ? row.items : 'first',
    excludeUnverified: row.unverified === 'exclude',
    tz: row.tz !== null && isTimeZone(row.tz) ? row.tz : 'UTC',
    asOf: row.as_of,
  };
}
