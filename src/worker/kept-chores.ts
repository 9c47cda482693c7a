/** What the worker keeps beside the progress, workspace by workspace: figures over many attempts, what several learners share. */
import type { Database } from '../db/database.ts';
import { keepAlike } from '../people/alike.ts';
import { keepBody } from '../progress/rollups/keep-bodies.ts';
import { rollUp } from '../progress/rollups/roll-up.ts';
import type { Chore } from './chores.ts';

/** Takes marks until none is left. Without marks too: changed settings call for them. */
export const rollups: Chore = {
  name: 'rollups',
  everyMs: 10_000,
  afterBatch: true,
  run: async (db) => await inWorkspaces(db, 'true', rollUp),
};

/** One whole answer at a time. */
export const bodies: Chore = {
  name: 'figure bodies',
  everyMs: 5_000,
  run: async (db) => await inWorkspaces(db, 'EXISTS (SELECT FROM rollup_state s WHERE s.workspace = w.id)', keepBody),
};

/** Suggestions look at the newest marks themselves, so there is no hurry. */
export const alike: Chore = {
  name: 'alike',
  everyMs: 10_000,
  run: async (db) => await inWorkspaces(db, 'true', keepAlike),
};

async function inWorkspaces(
  db: Database,
  which: string,
  work: (db: Database, workspace: number) => Promise<boolean>,
): Promise<'again' | undefined> {
  let again = false;
  for (const { id } of await db.query<{ id: number }>(`SELECT id FROM workspaces w WHERE ${which}`)) {
    if (await work(db, id)) again = true;
  }
  return again ? 'again' : undefined;
}
