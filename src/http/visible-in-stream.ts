/** What the holder of an open stream may see of it: asked again for each event, because people join and leave cohorts. */
import type { CohortScope } from '../cohorts/scope.ts';
import type { Uuid } from '../core/ids.ts';
import type { LiveHub } from '../live/hub.ts';
import type { Selection } from '../live/subscription.ts';
import type { Principal } from './context.ts';

export interface StreamVisibility {
  /** To be spread into the stream's Selection: finds out who is in the cohorts before `may` is asked. */
  ready: Pick<Selection, 'ready'>;
  /** Whether an event about that learner may be shown; null: about nobody. */
  may(learnerId: Uuid | null): boolean;
}

/** `cohorts`: what the stream is narrowed to (cohortScope), which is never more than what the principal may see. */
export function visibleInStream(
  live: Pick<LiveHub, 'cohortsOf'>,
  principal: Principal,
  cohorts: CohortScope,
): StreamVisibility {
  const own = (learnerId: Uuid | null): boolean => principal.learnerId === null || principal.learnerId === learnerId;
  if (cohorts === null) return { ready: {}, may: own };
  const wanted = new Set(cohorts);
  let members = new Map<Uuid, ReadonlySet<Uuid>>();
  return {
    ready: {
      async ready(events) {
        const ids = events.flatMap(({ learnerId }) => (learnerId === null ? [] : [learnerId]));
        members = await live.cohortsOf(principal.workspace, ids);
      },
    },
    may(learnerId) {
      return learnerId !== null && own(learnerId) && !wanted.isDisjointFrom(members.get(learnerId) ?? new Set());
    },
  };
}
