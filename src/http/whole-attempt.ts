/** One attempt with everything that is known of it, as the API answers. */
import type { Static } from 'typebox';
import { fullResponses } from '../progress/compact-responses.ts';
import { toAttemptSummary } from '../progress/queries/attempt-summary.ts';
import type { AttemptDetail } from '../progress/queries/get-attempt.ts';
import type { wholeAttemptSchema } from './contracts/attempt.ts';

export function wholeAttempt(attempt: AttemptDetail): Static<typeof wholeAttemptSchema> {
  return {
    ...toAttemptSummary(attempt),
    responses: fullResponses(attempt.responses),
    breakdowns: attempt.breakdowns ?? [],
    steps: attempt.steps ?? [],
    certificate: attempt.certificate,
    platform: attempt.platform ?? {},
    receipts: attempt.receipts,
    sealed: attempt.sealed,
    history: attempt.history ?? [],
  };
}
