/** Where events are passed on. */
import { Type } from 'typebox';
import { EVENT_TYPES } from '../../core/vocabulary.ts';
import { ENDPOINT_KINDS, PERSONAL_DATA } from '../../delivery/endpoint.ts';
import { nullable, provider, time } from './common.ts';

const kind = Type.Enum([...ENDPOINT_KINDS], {
  description: 'webhook: signed POSTs; xapi: statements to a learning record store; email: mails by SMTP_URL.',
});
const url = Type.String({ maxLength: 4096, description: 'Of webhook and xapi: where it is reached, https.' });
const to = Type.String({
  maxLength: 320,
  description: 'Of email: an address, or `learner` for the learner whom the event is about.',
});
const description = Type.String({ maxLength: 500, description: 'For people.' });
const eventTypes = Type.Array(Type.Enum([...EVENT_TYPES]), {
  description: 'Only these types; an empty list means all. GET /api/v1/event-types explains them.',
});
const filter = Type.Object(
  {
    provider: Type.Optional(nullable(provider)),
    activity: Type.Optional(nullable(Type.String({ maxLength: 200, description: 'An activity id.' }))),
    cohort: Type.Optional(
      nullable(Type.String({ maxLength: 200, description: 'A cohort id: only events of learners who are in it.' })),
    ),
    outcome: Type.Optional(nullable(Type.Enum(['passed', 'failed']))),
    verification: Type.Optional(nullable(Type.Enum(['signature', 'signature_partial', 'basic', 'token']))),
  },
  {
    additionalProperties: false,
    description: 'Only events that fit all that is said; what is left out fits everything.',
  },
);
const rateLimit = Type.Object(
  { perSecond: Type.Number({ exclusiveMinimum: 0, maximum: 10_000 }) },
  { additionalProperties: false, description: 'Deliveries a second at most; null: no limit.' },
);
const ordered = Type.Boolean({
  description: 'In order per learner and activity: what follows waits for what came before.',
});
const personalData = Type.Enum([...PERSONAL_DATA], {
  description: 'full; pseudonym: the same one in every event of this endpoint; none.',
});
const config = Type.Record(Type.String(), Type.Unknown(), {
  description:
    'By kind. webhook: `method`, `headers`, `auth` (`{type: "none"|"basic"|"bearer"|"oauth2", …}`), `template` or `preset`; ' +
    'xapi: `auth`, `xapi: {version, actor}`; email: `template` and `subject`. Secrets in it never come back.',
});

const settings = {
  description: Type.Optional(nullable(description)),
  eventTypes: Type.Optional(nullable(eventTypes)),
  filter: Type.Optional(nullable(filter)),
  rateLimit: Type.Optional(nullable(rateLimit)),
  ordered: Type.Optional(ordered),
  personalData: Type.Optional(personalData),
  config: Type.Optional(config),
};

export const newEndpointBody = Type.Object(
  {
    kind,
    url: Type.Optional(url),
    to: Type.Optional(to),
    ...settings,
    enabled: Type.Optional(Type.Boolean({ description: 'true when not said.' })),
  },
  {
    additionalProperties: false,
    examples: [{ kind: 'webhook', url: 'https://lms.example/hooks/gradewire', eventTypes: ['attempt.completed'] }],
  },
);

export const endpointChangesBody = Type.Object(
  { url: Type.Optional(url), to: Type.Optional(to), ...settings, enabled: Type.Optional(Type.Boolean()) },
  { additionalProperties: false },
);

export const endpointSchema = Type.Object({
  id: Type.String(),
  kind,
  url: nullable(url),
  to: nullable(to),
  description: nullable(description),
  eventTypes,
  filter: Type.Object({
    provider: Type.Optional(provider),
    activity: Type.Optional(Type.String()),
    cohort: Type.Optional(Type.String()),
    outcome: Type.Optional(Type.Enum(['passed', 'failed'])),
    verification: Type.Optional(Type.Enum(['signature', 'signature_partial', 'basic', 'token'])),
  }),
  rateLimit: nullable(rateLimit),
  ordered,
  personalData,
  config,
  secretsSet: Type.Array(Type.String(), {
    description: 'Paths in `config` where a secret is kept that does not come back, such as `auth.password`.',
  }),
  enabled: Type.Boolean(),
  disabledReason: nullable(Type.String({ description: 'Why it is disabled, where it was not by hand.' })),
  disabledAt: nullable(time),
  failingSince: nullable(
    Type.String({ format: 'date-time', description: 'Since when nothing but failures; null: all is well.' }),
  ),
  pending: Type.Integer({ minimum: 0, description: 'Deliveries that are not yet sent or are to be tried again.' }),
  succeeded24h: Type.Integer({ minimum: 0, description: 'Deliveries that got there in the last 24 hours.' }),
  failed24h: Type.Integer({ minimum: 0, description: 'Deliveries given up in the last 24 hours.' }),
  createdAt: time,
});

const secret = Type.String({
  description: '`whsec_` and base64: what the receiver verifies `webhook-signature` with.',
});

export const newEndpointSchema = Type.Object({ ...endpointSchema.properties, secret });

export const secretSchema = Type.Object({
  secret,
  previousUntil: nullable(
    Type.String({
      format: 'date-time',
      description: 'Until then requests are signed with the secret before, too; null: only with this one.',
    }),
  ),
});

export const secretRotationBody = Type.Object(
  {
    overlapSeconds: Type.Optional(
      Type.Integer({
        minimum: 0,
        maximum: 30 * 86_400,
        description: 'How long requests are signed with both secrets; 24 hours when not said.',
      }),
    ),
  },
  { additionalProperties: false },
);

export const endpointTestBody = Type.Object(
  { eventType: Type.Optional(Type.Enum([...EVENT_TYPES], { description: 'attempt.completed when not said.' })) },
  { additionalProperties: false },
);

export const recoverBody = Type.Object(
  { since: Type.String({ description: 'Those that failed from this time on (RFC 3339).' }) },
  { additionalProperties: false },
);

export const backfillBody = Type.Object(
  {
    from: Type.String({ description: 'Events received from this time on (RFC 3339).' }),
    to: Type.String({ description: 'Events received before this time (RFC 3339).' }),
  },
  { additionalProperties: false },
);

export const countSchema = Type.Object({ count: Type.Integer({ minimum: 0, description: 'Deliveries queued.' }) });

export const endpointActivitySchema = Type.Object({
  bucketSeconds: Type.Integer({ minimum: 1, description: 'How long a bucket is.' }),
  buckets: Type.Array(
    Type.Object({
      at: Type.String({ format: 'date-time', description: 'Its beginning.' }),
      succeeded: Type.Integer({ minimum: 0, description: 'Tries that got there.' }),
      failed: Type.Integer({ minimum: 0, description: 'Tries that did not.' }),
      p50Ms: nullable(Type.Number({ description: 'Half of the tries took at most so long; null: none.' })),
      p95Ms: nullable(Type.Number()),
    }),
    { description: 'Oldest first, without gaps.' },
  ),
});

export const testAnswer = Type.Object({ deliveryId: Type.String() });

export const activityQuery = Type.Object({
  window: Type.Optional(
    Type.String({
      maxLength: 20,
      description: 'How far back: a number and m, h or d; 24h when not said, 90d at most.',
    }),
  ),
});
