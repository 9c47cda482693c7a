/** What a batch means for cohorts: by which invitations people came, and who now fits which rule. */
import { judgeByRules, type RulesInForce } from '../../cohorts/apply-rules.ts';
import type { Uuid } from '../../core/ids.ts';
import type { Fact, Json } from '../../core/vocabulary.ts';
import type { Transaction } from '../../db/database.ts';

/** A longer one is no id, and would not fit the index. */
const LONGEST_INVITE = 1000;

/** Notes invitations and judges the learners of the batch by the rules, under `shareRules`. Where there is neither, it costs nothing. */
export async function joinCohorts(
  tx: Transaction,
  workspace: number,
  rules: RulesInForce,
  placed: readonly { fact: Fact; learnerId: Uuid | null }[],
): Promise<void> {
  const learners = new Set<Uuid>();
  const invites = new Map<string, [invite: string, learnerId: Uuid]>();
  for (const { fact, learnerId } of placed) {
    if (learnerId === null) continue;
    learners.add(learnerId);
    const invite = fact.test ? null : inviteOf(fact);
    if (invite !== null) invites.set(`${learnerId}${invite}`, [invite, learnerId]);
  }
  if (invites.size > 0) {
    const rows = [...invites.values()];
    tx.send(
      `INSERT INTO learner_invites (workspace, invite, learner_id)
       SELECT $1, i.invite, i.learner_id FROM unnest($2::text[], $3::uuid[]) AS i (invite, learner_id)
       ORDER BY i.invite, i.learner_id ON CONFLICT DO NOTHING`,
      [workspace, rows.map(([invite]) => invite), rows.map(([, learnerId]) => learnerId)],
    );
  }
  await judgeByRules(tx, workspace, rules, [...learners]);
}

/** The platform's id of the invitation: of the claim itself, or of the play that came by it. */
function inviteOf(fact: Fact): string | null {
  const claim = fact.data.invite;
  if (typeof claim === 'object' && claim !== null && !Array.isArray(claim))
    return idOf(claim.invite_id) ?? idOf(claim.inviteId) ?? idOf(claim.id);
  return idOf(fact.platform.invite_id);
}

function idOf(value: Json | undefined): string | null {
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' && value !== '' && value.length <= LONGEST_INVITE ? value : null;
}
