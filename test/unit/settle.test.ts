/** What is written of a try is text that PostgreSQL takes, whatever the receiver said. */
import { expect, test } from 'vitest';
import { newUuid } from '../../src/core/ids.ts';
import { settle } from '../../src/delivery/sender/settle.ts';

const row = {
  workspace: 1,
  deliveryId: newUuid(),
  endpointId: newUuid(),
  version: 1,
  eventSeq: 1,
  tries: 0,
  rated: false,
  failing: false,
  claim: 1,
};

test.each(['failed', 'refused'] as const)(
  'an error of a try that %s is cut between characters and holds no NUL',
  (kind) => {
    const error = `\u0000${'x'.repeat(1998)}\u{1F600} and more`;
    const outcome = kind === 'failed' ? { kind, error, retryAfterSeconds: null } : { kind, error };
    const result = settle(
      row,
      { outcome, statusCode: 500, durationMs: 1, requestHeaders: {}, responseBody: 'a\u0000b' },
      0,
    );
    expect(result.error).toBe(`\uFFFD${'x'.repeat(1998)}\uFFFD`);
    expect(result.responseBody).toBe('a\uFFFDb');
  },
);
