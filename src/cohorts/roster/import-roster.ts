/** A roster brought in: people have names, and those who never started are seen. Saying the same again changes nothing. */
import type { Uuid } from '../../core/ids.ts';
import type { Database, Queryable } from '../../db/database.ts';
import { takeRebuildLock } from '../../normalise/queue/rebuild-lock.ts';
import { applyCohortRules } from '../apply-rules.ts';
import { checkRows, type RosterPerson, type RosterSource } from './check-rows.ts';
import { cohortsNamed, fillCohorts } from './fill-cohorts.ts';
import type { RosterOutcome, RosterResult, RosterRow } from './row.ts';
import { type Written, writePeople } from './write-people.ts';

/** People written by one set of statements; keeps their parameters small and other work between them. */
const BATCH = 5_000;
/** What the first screen of a preview shows. */
const SHOWN = 50;

/** Which of the people were erased and must not come back; see src/people/tombstones.ts. */
export type ErasedPeople = (tx: Queryable, people: readonly RosterPerson[]) => Promise<boolean[]>;

/**
 * Imports the rows that fit, in one transaction; the others are named with a sentence each. `dryRun` does the same and takes it
 * back, so that the preview cannot say anything else than what would be done.
 */
export async function importRoster(
  db: Database,
  workspace: number,
  rows: readonly RosterRow[],
  options: { dryRun: boolean; erased: ErasedPeople },
): Promise<RosterResult> {
  let result: RosterResult | null = null;
  try {
    await db.transaction(async (tx) => {
      // Alone: a batch that makes the same new person meanwhile would win, and the name of the roster be lost.
      await takeRebuildLock(tx, workspace);
      result = await run(tx, workspace, rows, options.erased);
      if (options.dryRun) throw new TakenBack();
    });
  } catch (error) {
    if (!(error instanceof TakenBack)) throw error;
  }
  if (result === null) throw new Error('The import ended without a result, though its transaction did not fail.');
  return result;
}

class TakenBack extends Error {}

async function run(
  tx: Queryable,
  workspace: number,
  rows: readonly RosterRow[],
  erased: ErasedPeople,
): Promise<RosterResult> {
  const { people, outcomes } = checkRows(rows, await readSources(tx, workspace));
  // People known by their e-mail alone come last: the rows before may have made who is meant.
  const inOrder = [...people.filter(({ identity }) => identity !== null), ...people.filter((p) => p.identity === null)];
  const split = inOrder.findIndex(({ identity }) => identity === null);
  const parts = split < 0 ? [inOrder] : [inOrder.slice(0, split), inOrder.slice(split)];
  const names = people.flatMap(({ cohorts }) => [...cohorts]);
  const { ids, created } = await cohortsNamed(tx, workspace, names);
  for (const part of parts) {
    for (let at = 0; at < part.length; at += BATCH) {
      await writeBatch(tx, workspace, part.slice(at, at + BATCH), { outcomes, ids, erased });
    }
  }
  return summary(outcomes, created);
}

async function writeBatch(
  tx: Queryable,
  workspace: number,
  batch: readonly RosterPerson[],
  to: { outcomes: RosterOutcome[]; ids: Map<string, Uuid>; erased: ErasedPeople },
): Promise<void> {
  const gone = await to.erased(tx, batch);
  const people = batch.filter((person, i) => {
    if (gone[i] === true)
      set(to.outcomes, person, { error: 'This person was erased, so no import brings them back. Leave the row out.' });
    return gone[i] !== true;
  });
  const written = await writePeople(tx, workspace, people);
  const placed = people.flatMap((person, i) => {
    const one = written[i];
    return one === undefined || 'error' in one ? [] : [{ person, learnerId: one.learnerId }];
  });
  const pairs = placed.flatMap(({ person, learnerId }) =>
    [...person.cohorts].flatMap((name) => {
      const cohortId = to.ids.get(name.toLowerCase());
      return cohortId === undefined ? [] : [{ cohortId, learnerId }];
    }),
  );
  const joined = await fillCohorts(tx, workspace, pairs);
  await applyCohortRules(
    tx,
    workspace,
    placed.map(({ learnerId }) => learnerId),
  );
  for (const [i, person] of people.entries()) {
    const one = written[i];
    if (one === undefined) continue;
    const moved = 'learnerId' in one && one.change === 'unchanged' && joined.has(one.learnerId);
    set(to.outcomes, person, moved ? { ...one, change: 'update' } : one);
  }
}

/** A person's first row bears what was done; the others of the same person only add to it. */
function set(outcomes: RosterOutcome[], person: RosterPerson, written: Written): void {
  for (const [i, at] of person.rows.entries()) {
    const outcome = outcomes[at];
    if (outcome === undefined) continue;
    outcomes[at] =
      'error' in written
        ? { ...outcome, action: 'error', message: written.error }
        : { ...outcome, action: i === 0 ? written.change : 'unchanged' };
  }
}

function summary(outcomes: readonly RosterOutcome[], cohortsCreated: readonly string[]): RosterResult {
  const count = (action: RosterOutcome['action']): number => outcomes.filter((o) => o.action === action).length;
  return {
    total: outcomes.length,
    created: count('create'),
    updated: count('update'),
    unchanged: count('unchanged'),
    cohortsCreated: cohortsCreated.toSorted(),
    errors: outcomes
      .filter(({ action }) => action === 'error')
      .map(({ row, message = 'This row cannot be read.' }) => ({ row, message })),
    preview: outcomes.slice(0, SHOWN),
  };
}

/** Sources that rows can name. The realm is what most of their people have. */
async function readSources(tx: Queryable, workspace: number): Promise<RosterSource[]> {
  return await tx.query<RosterSource>(
    `SELECT s.id, s.slug, s.provider, seen.realm
     FROM sources s
     LEFT JOIN LATERAL (
       SELECT i.realm FROM identities i WHERE i.workspace = s.workspace AND i.source_id = s.id AND NOT i.roster
       GROUP BY i.realm ORDER BY count(*) DESC, i.realm LIMIT 1
     ) seen ON true
     WHERE s.workspace = $1 AND s.deleted_at IS NULL ORDER BY s.created_at, s.id`,
    [workspace],
  );
}
