/** What a member or an invitation is limited to, from the body of a request. */
import type { MemberLimits, MemberRole } from '../accounts/member.ts';
import { parsePublicId } from '../core/ids.ts';
import type { Queryable } from '../db/database.ts';
import { hasLearner } from './api-keys.ts';
import { invalid } from './contracts/common.ts';
import { existingCohorts } from './existing-cohorts.ts';

/** Checks it: 400 names the field. What the body leaves out is as in `before`, unless another role has no use for it. */
export async function memberLimits(
  db: Queryable,
  workspace: number,
  body: { role?: MemberRole; learner?: string | null; cohorts?: string[] | null },
  before: MemberLimits | null = null,
): Promise<MemberLimits> {
  const role = body.role ?? before?.role ?? 'learner';
  if (body.learner && role !== 'learner') {
    throw invalid('body/learner', 'Only the role learner is tied to a learner. Leave this out, or use that role.');
  }
  if (body.cohorts && role !== 'instructor') {
    throw invalid('body/cohorts', 'Only the role instructor is limited to cohorts. Leave this out, or use that role.');
  }
  if (role === 'learner') {
    if (body.learner === undefined && before?.role === 'learner') return before;
    if (!body.learner) {
      throw invalid('body/learner', 'The role learner sees one learner only. Give the id of that learner.');
    }
    const learnerId = parsePublicId('lrn', body.learner);
    if (learnerId === null || !(await hasLearner(db, workspace, learnerId))) {
      throw invalid('body/learner', 'No learner has this id. GET /api/v1/learners lists them.');
    }
    return { role, learnerId, cohorts: null };
  }
  if (role !== 'instructor') return { role, learnerId: null, cohorts: null };
  if (body.cohorts) {
    const cohorts = await existingCohorts(db, workspace, body.cohorts, 'body/cohorts');
    return { role, learnerId: null, cohorts };
  }
  return { role, learnerId: null, cohorts: body.cohorts === null ? null : (before?.cohorts ?? null) };
}
