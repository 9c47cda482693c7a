/** Everything the projection wrote, in an order of its own, for comparing two ways to the same end. */
import type { Database } from '../../src/db/database.ts';

export interface Snapshot {
  learners: unknown[];
  identities: unknown[];
  activities: unknown[];
  attempts: unknown[];
  outcomes: unknown[];
}

/**
 * All progress rows. What tells the order of arrival is left out: when rows were made, the receipts' numbers inside facts.
 * `ids: false` also leaves out the ids of attempts that no platform names: they are anchored on what was known first.
 */
export async function snapshot(db: Database, options: { ids: boolean }): Promise<Snapshot> {
  const attempts = await db.query<{ row: Record<string, unknown> }>(
    'SELECT to_jsonb(a) AS row FROM attempts a ORDER BY learner_id, activity_id, opened_at, ended_at, external_id, id',
  );
  return {
    learners: await db.query('SELECT id, name, name_at, email, email_at, excluded FROM learners ORDER BY id'),
    identities: await db.query(
      'SELECT provider, realm, external_id, learner_id, attributes FROM identities ORDER BY realm, external_id',
    ),
    activities: await db.query('SELECT id, kind, title, title_at, due_at, external_id FROM activities ORDER BY id'),
    attempts: attempts.map(({ row }) => tidied(row, options.ids)),
    outcomes: await db.query('SELECT status, detail, count(*)::int FROM receipt_outcomes GROUP BY 1, 2 ORDER BY 1, 2'),
  };
}

function tidied(row: Record<string, unknown>, ids: boolean): Record<string, unknown> {
  const facts = (row.facts as Record<string, unknown>[]).map(({ s: _seq, ...fact }) => JSON.stringify(fact)).sort();
  const named = row.anchors === null;
  const { anchors: _anchors, id, ...rest } = row;
  return { ...rest, facts, ...(named || ids ? { id } : {}) };
}
