/** Questions that handlers ask about the principal. Who is let in at all stands in the route's `config.access`. */
import type { FastifyRequest } from 'fastify';
import { GradewireError } from '../core/errors.ts';
import type { Uuid } from '../core/ids.ts';
import type { Principal } from './context.ts';

/** Who asks, on routes that are not public. */
export function principalOf(request: FastifyRequest): Principal {
  if (request.principal === null) throw new GradewireError('unauthorized');
  return request.principal;
}

/**
 * Refuses (403) when the principal may not see that learner: a key of one learner sees that learner only, and an
 * instructor of cohorts sees nobody as long as nothing says who is in them.
 */
export function requireLearner(principal: Principal, learnerId: Uuid | null): void {
  if (maySeeLearner(principal, learnerId)) return;
  throw new GradewireError('forbidden', 'This key is limited to other learners. Use one that may see this learner.');
}

/** Whether the principal may see that learner's data; null: a learner not known yet. */
export function maySeeLearner(principal: Principal, learnerId: Uuid | null): boolean {
  if (principal.learnerId !== null) return principal.learnerId === learnerId;
  return principal.cohorts === null;
}
