/** What several learners share, kept by the worker (src/people/alike.ts). */
import { keepAlike } from '../people/alike.ts';
import type { Chore } from './chores.ts';

/** A go for each workspace. Suggestions look at the newest marks themselves, so there is no hurry. */
export const alike: Chore = {
  name: 'alike',
  everyMs: 10_000,
  run: async (db) => {
    let again = false;
    for (const { id } of await db.query<{ id: number }>('SELECT id FROM workspaces')) {
      if (await keepAlike(db, id)) again = true;
    }
    return again ? 'again' : undefined;
  },
};
