/** How a try ended → what is written of it. */
import { nextTryInMs } from '../../core/backoff.ts';
import type { Try } from '../kinds/kind.ts';
import type { Claimed } from '../queue/claim.ts';
import type { Result } from '../queue/results.ts';

/** The result of one try that began at `at` (milliseconds since 1970). */
export function settle(row: Claimed, tried: Try, at: number): Result {
  const { end, error, untried } = whatCame(row, tried);
  // One literal, because this runs thousands of times a second: spread from parts it took as long as its JSON.
  return {
    workspace: row.workspace,
    deliveryId: row.deliveryId,
    endpointId: row.endpointId,
    claim: row.claim,
    failing: row.failing,
    end,
    at,
    statusCode: tried.statusCode,
    durationMs: tried.durationMs,
    error,
    requestHeaders: JSON.stringify(tried.requestHeaders),
    responseBody: tried.responseBody === null ? null : storable(tried.responseBody),
    untried,
  };
}

const ARRIVED: Pick<Result, 'end' | 'error' | 'untried'> = {
  end: { status: 'succeeded', detail: null },
  error: null,
  untried: false,
};

function whatCame(row: Claimed, { outcome }: Try): Pick<Result, 'end' | 'error' | 'untried'> {
  switch (outcome.kind) {
    case 'delivered':
      return ARRIVED;
    case 'failed': {
      const tries = row.tries + 1;
      const inMs = nextTryInMs(tries, outcome.retryAfterSeconds);
      return {
        error: shown(outcome.error),
        untried: false,
        end:
          inMs === null
            ? { status: 'failed', detail: `Given up after ${tries} tries.` }
            : { status: 'pending', inMs, tries },
      };
    }
    case 'refused':
      return {
        error: shown(outcome.error),
        untried: false,
        end: { status: 'failed', detail: 'Trying again cannot help.' },
      };
    case 'gone':
      return {
        error: 'The receiver answered 410: it wants no more. The endpoint was disabled.',
        untried: false,
        end: { status: 'failed', detail: 'The receiver wants no more (410).' },
      };
    case 'skipped':
      return { error: null, untried: true, end: { status: 'skipped', detail: outcome.reason } };
    default:
      return outcome satisfies never;
  }
}

/** The result for a delivery whose event is no longer there. */
export function withoutEvent(row: Claimed, at: number): Result {
  return {
    workspace: row.workspace,
    deliveryId: row.deliveryId,
    endpointId: row.endpointId,
    claim: row.claim,
    failing: false,
    at,
    statusCode: null,
    durationMs: 0,
    error: null,
    requestHeaders: '{}',
    responseBody: null,
    untried: true,
    end: {
      status: 'skipped',
      detail: 'Its event is no longer there: the learner was erased, or the feed is not kept for so long.',
    },
  };
}

/** What receivers and their errors say can be of any length. */
const SHOWN = 2000;

function shown(error: string): string {
  // Half a character, which the cut can leave, is nothing that PostgreSQL reads as JSON: the whole group would not be written.
  return storable(error).slice(0, SHOWN).toWellFormed();
}

/** PostgreSQL's texts hold no NUL. */
function storable(text: string): string {
  return text.includes('\u0000') ? text.replaceAll('\u0000', '\uFFFD') : text;
}
