/** How a try ended → what is written of it. */
import { nextTryInMs } from '../../core/backoff.ts';
import type { Try } from '../kinds/kind.ts';
import type { Claimed } from '../queue/claim.ts';
import type { Result } from '../queue/results.ts';

/** The result of one try that began at `at`. */
export function settle(row: Claimed & { claim: number }, tried: Try, at: Date): Result {
  const { outcome } = tried;
  const base = {
    workspace: row.workspace,
    deliveryId: row.deliveryId,
    createdAt: row.createdAt,
    endpointId: row.endpointId,
    claim: row.claim,
    failing: row.failing,
    at,
    statusCode: tried.statusCode,
    durationMs: tried.durationMs,
    requestHeaders: tried.requestHeaders,
    responseBody: tried.responseBody,
    untried: false,
  };
  switch (outcome.kind) {
    case 'delivered':
      return { ...base, error: null, end: { status: 'succeeded', detail: null } };
    case 'failed': {
      const tries = row.tries + 1;
      const inMs = nextTryInMs(tries, outcome.retryAfterSeconds);
      return {
        ...base,
        error: outcome.error,
        end:
          inMs === null
            ? { status: 'failed', detail: `Given up after ${tries} tries.` }
            : { status: 'pending', inMs, tries },
      };
    }
    case 'refused':
      return { ...base, error: outcome.error, end: { status: 'failed', detail: 'Trying again cannot help.' } };
    case 'gone':
      return {
        ...base,
        error: 'The receiver answered 410: it wants no more. The endpoint was disabled.',
        end: { status: 'failed', detail: 'The receiver wants no more (410).' },
      };
    case 'skipped':
      return { ...base, error: null, untried: true, end: { status: 'skipped', detail: outcome.reason } };
    default:
      return outcome satisfies never;
  }
}

/** The result for a delivery whose event is no longer there. */
export function withoutEvent(row: Claimed & { claim: number }, at: Date): Result {
  return {
    workspace: row.workspace,
    deliveryId: row.deliveryId,
    createdAt: row.createdAt,
    endpointId: row.endpointId,
    claim: row.claim,
    failing: false,
    at,
    statusCode: null,
    durationMs: 0,
    error: null,
    requestHeaders: {},
    responseBody: null,
    untried: true,
    end: {
      status: 'skipped',
      detail: 'Its event is no longer there: the learner was erased, or the feed is not kept for so long.',
    },
  };
}
