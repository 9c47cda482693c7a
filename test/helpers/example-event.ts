/** An event of which nothing is known but its type. */
import type { EventObject } from '../../src/live/events.ts';

export const EXAMPLE_EVENT: EventObject = {
  id: 'evt_0',
  type: 'attempt.completed',
  occurredAt: '2026-04-08T14:30:00.000Z',
  receivedAt: '2026-04-08T14:30:00.000Z',
  source: null,
  receiptId: null,
  verification: null,
  learner: null,
  activity: null,
  attempt: null,
  previous: null,
  data: {},
};
