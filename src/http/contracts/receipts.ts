import { Type } from 'typebox';
import type { EventObject } from '../../live/events.ts';
import { RECEIPT_STATUSES } from '../../normalise/receipts/receipt-filter.ts';
import { nullable, provider, time } from './common.ts';
import { eventSchema } from './event.ts';

export const receiptStatus = Type.Enum([...RECEIPT_STATUSES], {
  description:
    'pending: waits to be read; processed; ignored: known, means nothing for progress; unmapped: no mapping known; ' +
    'failed: could not be read, waits for replay.',
});

const source = Type.Object({ id: Type.String(), slug: nullable(Type.String()) });
const headers = Type.Record(Type.String(), Type.String(), {
  description: 'Names in lower case; credentials redacted.',
});
const bodyText = Type.String({ description: 'As text; bytes that are no UTF-8 are shown as U+FFFD, see bodyBase64.' });
const bodyBase64 = Type.Optional(Type.String({ description: 'The same bytes; only there when they are not UTF-8.' }));

export const receiptSchema = Type.Object({
  id: Type.String(),
  source,
  provider: nullable(provider),
  receivedAt: time,
  status: receiptStatus,
  verification: Type.Enum(['signature', 'signature_partial', 'basic', 'token']),
  duplicates: Type.Integer({ description: 'How often the same webhook came again.' }),
  error: nullable(Type.String({ description: 'Why it is ignored, unmapped or failed.' })),
  eventName: nullable(Type.String({ description: '`?event=` of the ingest URL.' })),
  bytes: Type.Integer({ description: 'Length of the body.' }),
  test: Type.Boolean({ description: 'Sent by POST sources/{id}/test.' }),
});

export const wholeReceiptSchema = Type.Object({
  ...receiptSchema.properties,
  covers: nullable(
    Type.Array(Type.String(), { description: 'signature_partial: the fields that the signature covers.' }),
  ),
  headers,
  body: bodyText,
  bodyBase64,
  events: Type.Array(Type.Unsafe<EventObject>(eventSchema), { description: 'What it meant.' }),
});

const deliver = Type.Optional(
  Type.Boolean({
    description:
      'Whether endpoints get what the receipts mean, also what they got before (under the same `webhook-id`); false when not said.',
  }),
);

export const replayOneBody = Type.Object({ deliver }, { additionalProperties: false });

export const replayBody = Type.Object(
  {
    deliver,
    source: Type.Optional(Type.String({ description: 'Id or slug.' })),
    status: Type.Optional(receiptStatus),
    from: Type.Optional(Type.String({ description: 'Received from this time on (RFC 3339).' })),
    to: Type.Optional(Type.String({ description: 'Received before this time (RFC 3339).' })),
    dryRun: Type.Optional(Type.Boolean({ description: 'Only counts, up to 100,000, and queues nothing.' })),
  },
  { additionalProperties: false },
);

export const rejectionSchema = Type.Object({
  id: Type.String(),
  source,
  provider: nullable(provider),
  at: time,
  reason: Type.String({ description: 'The error code that was answered.' }),
  hint: Type.String({ description: 'What was seen, and what to check.' }),
  headers,
  body: Type.String({ description: 'The first bytes, as text.' }),
  bodyBase64,
  bytes: Type.Integer({ description: 'Length of the whole body.' }),
});
