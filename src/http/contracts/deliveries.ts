/** One event on its way to one endpoint, and its tries. */
import { Type } from 'typebox';
import { EVENT_TYPES } from '../../core/vocabulary.ts';
import { ENDPOINT_KINDS } from '../../delivery/endpoint.ts';
import { activityKind } from './attempt.ts';
import { nullable, rangeQuery, time } from './common.ts';

const deliveryStatus = Type.Enum(['pending', 'succeeded', 'failed', 'skipped'], {
  description: 'pending: to be sent, or tried again; failed: given up; skipped: by hand, or not sent on purpose.',
});

export const deliveriesQuery = {
  endpoint: Type.Optional(Type.String({ description: 'An endpoint id.' })),
  status: Type.Optional(deliveryStatus),
  eventType: Type.Optional(Type.Enum([...EVENT_TYPES])),
  event: Type.Optional(Type.String({ description: 'An event id.' })),
  learner: Type.Optional(Type.String({ description: 'Only of events about this learner: a learner id.' })),
  attempt: Type.Optional(Type.String({ description: 'Only of events about this attempt: an attempt id.' })),
  ...rangeQuery,
};

export const deliverySchema = Type.Object({
  id: Type.String(),
  endpointId: Type.String(),
  endpoint: Type.Object({
    kind: Type.Enum([...ENDPOINT_KINDS]),
    description: nullable(Type.String()),
    host: nullable(Type.String({ description: 'Of its URL: the rest may be secret.' })),
    to: nullable(Type.String({ description: 'Of email.' })),
  }),
  eventId: Type.String(),
  eventType: Type.Enum([...EVENT_TYPES]),
  status: deliveryStatus,
  detail: nullable(Type.String({ description: 'Why it was skipped, or given up without a try.' })),
  nextAttemptAt: nullable(
    Type.String({
      format: 'date-time',
      description: 'null: it is done, or waits for another of its learner and activity.',
    }),
  ),
  tries: Type.Integer({ minimum: 0, description: 'How often it was tried.' }),
  lastAttempt: nullable(
    Type.Object({
      at: time,
      statusCode: nullable(Type.Integer()),
      durationMs: Type.Number({ minimum: 0 }),
      error: nullable(Type.String()),
    }),
  ),
  learnerId: nullable(Type.String()),
  learner: nullable(
    Type.Object(
      { id: Type.String(), name: nullable(Type.String()) },
      { description: 'As the person is called now; null: nobody, somebody who was erased, or a test.' },
    ),
  ),
  activity: nullable(Type.Object({ id: Type.String(), title: nullable(Type.String()), kind: activityKind })),
  attemptId: nullable(Type.String({ description: 'The attempt that the event is about.' })),
  test: Type.Boolean({ description: 'Sent by POST endpoints/{id}/test.' }),
  createdAt: time,
});

export const wholeDeliverySchema = Type.Object({
  ...deliverySchema.properties,
  webhookId: Type.String({ description: 'The event’s id for this endpoint: the same on every try.' }),
  requestBody: nullable(
    Type.String({
      description:
        'What is sent, made anew from the event and the settings as they are now: bodies are not stored. null: one of them is there no more.',
    }),
  ),
  attempts: Type.Array(
    Type.Object({
      at: time,
      statusCode: nullable(Type.Integer({ description: 'null: no answer came.' })),
      durationMs: Type.Number({ minimum: 0 }),
      error: nullable(Type.String({ description: 'What went wrong, as a sentence; null: it got there.' })),
      requestHeaders: Type.Record(Type.String(), Type.String(), {
        description: 'As sent; credentials are redacted.',
      }),
      responseBody: nullable(
        Type.String({ description: 'At most 16 KiB; null: none came, or it is past its retention.' }),
      ),
    }),
    { description: 'Oldest first.' },
  ),
});
