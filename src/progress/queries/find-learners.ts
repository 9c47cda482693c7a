/** Learners by what others call them. */
import type { Uuid } from '../../core/ids.ts';
import type { Provider } from '../../core/vocabulary.ts';
import type { Queryable } from '../../db/database.ts';

/** No platform's id and no address holds this character, and PostgreSQL refuses a text that does. */
const NUL = '\0';

/** More than one is all a caller needs to know: the name is ambiguous. Two would do; the rest is for the eye. */
const ENOUGH = 10;

/**
 * Ids of the learners whom a platform knows by this id, each once. `sourceId`: only those of that source: whose id first came
 * from it, or who have an attempt from it. `only`: that learner or nobody.
 */
export async function findLearnersByExternalId(
  db: Queryable,
  workspace: number,
  told: { externalId: string; provider?: Provider | undefined; sourceId?: Uuid | undefined; only?: Uuid | undefined },
): Promise<Uuid[]> {
  if (told.externalId.includes(NUL)) return [];
  const rows = await db.query<{ learner_id: Uuid }>(
    `SELECT DISTINCT i.learner_id FROM identities i
     WHERE i.workspace = $1 AND i.external_id = $2 AND ($3::text IS NULL OR i.provider = $3)
       AND ($4::uuid IS NULL OR i.source_id = $4 OR EXISTS (
         SELECT 1 FROM attempts a WHERE a.workspace = $1 AND a.learner_id = i.learner_id AND a.source_id = $4
            AND a.provider = i.provider))
       AND ($5::uuid IS NULL OR i.learner_id = $5)
     LIMIT $6`,
    [workspace, told.externalId, told.provider ?? null, told.sourceId ?? null, told.only ?? null, ENOUGH],
  );
  return rows.map((row) => row.learner_id);
}

/** Ids of the learners with this e-mail, whatever its case. */
export async function findLearnersByEmail(db: Queryable, workspace: number, email: string): Promise<Uuid[]> {
  if (email.includes(NUL)) return [];
  const rows = await db.query<{ id: Uuid }>(
    'SELECT id FROM learners WHERE workspace = $1 AND lower(email) = lower($2) LIMIT $3',
    [workspace, email, ENOUGH],
  );
  return rows.map((row) => row.id);
}
