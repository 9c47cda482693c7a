/** Somebody vouches for a result that only a secret URL proves. */
import { GradewireError } from '../core/errors.ts';
import type { Uuid } from '../core/ids.ts';
import type { Database } from '../db/database.ts';
import { shareRebuildLock } from '../normalise/queue/rebuild-lock.ts';
import { markDirty } from '../progress/rollups/mark-dirty.ts';

/**
 * Stores the decision with the result it is about: when another webhook changes the result, nobody vouches for that one. Kept
 * apart from the attempt, so a rebuild finds it again. Throws conflict for a result that needs nobody's word.
 */
export async function confirmAttempt(
  db: Database,
  workspace: number,
  confirmation: { attemptId: Uuid; by: string; note: string | null },
): Promise<void> {
  await db.transaction(async (tx) => {
    await shareRebuildLock(tx, workspace);
    const [attempt] = await tx.query<{ verification: string; learner_id: Uuid | null }>(
      'SELECT verification, learner_id FROM attempts WHERE workspace = $1 AND id = $2 FOR UPDATE',
      [workspace, confirmation.attemptId],
    );
    if (attempt === undefined) throw new GradewireError('not_found');
    if (attempt.verification !== 'token') {
      throw new GradewireError(
        'conflict',
        'This result is proved by its signature already. Nobody needs to vouch for it.',
      );
    }
    await tx.query(
      `INSERT INTO attempt_confirmations (workspace, attempt_id, by, note, state, outcome, score, max_score, percentage)
       SELECT workspace, id, $3, $4, state, outcome, score, max_score, percentage FROM attempts WHERE workspace = $1 AND id = $2
       ON CONFLICT (workspace, attempt_id) DO UPDATE SET at = now(), by = EXCLUDED.by, note = EXCLUDED.note,
         state = EXCLUDED.state, outcome = EXCLUDED.outcome, score = EXCLUDED.score, max_score = EXCLUDED.max_score,
         percentage = EXCLUDED.percentage`,
      [workspace, confirmation.attemptId, confirmation.by, confirmation.note],
    );
    await tx.query('UPDATE attempts SET confirmed_at = now() WHERE workspace = $1 AND id = $2', [
      workspace,
      confirmation.attemptId,
    ]);
    if (attempt.learner_id !== null) await markDirty(tx, workspace, { learnerIds: [attempt.learner_id] });
  });
}
