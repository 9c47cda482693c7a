/** Questions that handlers ask about the principal. Who is let in at all stands in the route's `config.access`. */
import type { FastifyRequest } from 'fastify';
import { type CohortScope, learnersInCohorts } from '../cohorts/scope.ts';
import { GradewireError } from '../core/errors.ts';
import type { Uuid } from '../core/ids.ts';
import type { Queryable } from '../db/database.ts';
import type { Principal } from './context.ts';
import { filterId } from './contracts/common.ts';

/** Who asks, on routes that are not public. */
export function principalOf(request: FastifyRequest): Principal {
  if (request.principal === null) throw new GradewireError('unauthorized');
  return request.principal;
}

/** Refuses (403) when the principal may not see that learner; see maySeeLearner. */
export async function requireLearner(db: Queryable, principal: Principal, learnerId: Uuid | null): Promise<void> {
  if (await maySeeLearner(db, principal, learnerId)) return;
  throw new GradewireError('forbidden', 'This key is limited to other learners. Use one that may see this learner.');
}

/**
 * Whether the principal may see that learner's data; null: a learner not known yet. A key of one learner sees that learner
 * only, an instructor of cohorts those who are in them now.
 */
async function maySeeLearner(db: Queryable, principal: Principal, learnerId: Uuid | null): Promise<boolean> {
  if (learnerId === null) return principal.learnerId === null && principal.cohorts === null;
  return (await visibleLearners(db, principal, [learnerId])).length > 0;
}

/** Those of the learners whom the principal may see. */
export async function visibleLearners(db: Queryable, principal: Principal, ids: readonly Uuid[]): Promise<Uuid[]> {
  const own = principal.learnerId === null ? ids : ids.filter((id) => id === principal.learnerId);
  const members = await learnersInCohorts(db, principal.workspace, principal.cohorts, own);
  return own.filter((id) => members.has(id));
}

/**
 * The cohorts that an answer is narrowed to: the one that `cohort=` names, else those the principal is limited to, else null
 * (everybody). 400 for no cohort id, 403 for a cohort that the principal is not limited to. Nobody is in an unknown cohort.
 */
export function cohortScope(principal: Principal, cohort: string | undefined): CohortScope {
  const asked = filterId('coh', cohort, 'query/cohort');
  if (asked === undefined) return principal.cohorts;
  requireCohort(principal, asked);
  return [asked];
}

/** Refuses (403) a cohort that an instructor of other cohorts names. */
export function requireCohort(principal: Principal, cohort: Uuid): void {
  if (principal.cohorts === null || principal.cohorts.includes(cohort)) return;
  throw new GradewireError('forbidden', 'You are limited to other classes. GET /api/v1/cohorts lists yours.');
}

/** The cohorts of a figure over many learners; a key of one learner gets nobody's, for a class is more than that learner. */
export function classScope(principal: Principal, cohort: string | undefined): CohortScope {
  return principal.learnerId === null ? cohortScope(principal, cohort) : [];
}
