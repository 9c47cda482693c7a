/** What a workspace is set to, and who asks. */
import { Type } from 'typebox';
import { ROLES } from '../context.ts';
import { nullable, time } from './common.ts';
import { cohortRef, learnerRef } from './members.ts';

const policy = Type.Enum(['first', 'last', 'best', 'all']);
const unverified = Type.Enum(['include', 'exclude'], {
  description: 'Whether results that only a secret URL proves count.',
});
const attempts = Type.Object({
  learner: Type.Enum(['first', 'last', 'best', 'all'], { description: "Retake policy of a learner's own page." }),
  class: Type.Enum(['first', 'last', 'best', 'all'], { description: 'Retake policy of class figures.' }),
  items: Type.Enum(['first', 'last', 'best', 'all'], { description: 'Retake policy of figures about questions.' }),
});

export const meSchema = Type.Object({
  kind: Type.Enum(['session', 'key']),
  user: nullable(Type.Object({ id: Type.String(), name: Type.String(), email: Type.String() })),
  role: Type.Enum([...ROLES]),
  learner: nullable(learnerRef),
  cohorts: nullable(Type.Array(cohortRef, { description: 'null: every learner of the workspace.' })),
  workspace: Type.Object({
    slug: Type.String(),
    name: Type.String(),
    tz: Type.String({ description: 'IANA time zone that days are cut in.' }),
    attempts,
    unverified,
  }),
  mail: Type.Boolean({ description: 'Whether this server sends mail (SMTP_URL).' }),
  version: Type.String(),
});

const days = (what: string) => nullable(Type.Integer({ minimum: 1, maximum: 36_500, description: what }));

const retention = {
  receiptsDays: days('Webhooks as they arrived; null: for ever.'),
  eventsDays: days('The feed; null: for ever.'),
  responseBodiesDays: days('What endpoints answered; null: for ever.'),
  deliveriesDays: days('Deliveries and their tries; null: for ever.'),
};

const silenceHours = nullable(
  Type.Number({
    minimum: 1,
    maximum: 8760,
    description: 'After so many hours without a webhook a source counts as silent; null: by its own rhythm.',
  }),
);

const settings = {
  name: Type.String(),
  tz: Type.String({ description: 'IANA time zone that days are cut in.', examples: ['Asia/Kolkata'] }),
  attempts,
  unverified,
  silenceHours,
  retention: Type.Object(retention),
};

export const workspaceSettingsSchema = Type.Object(settings);

export const workspaceSettingsPatch = Type.Object(
  {
    name: Type.Optional(Type.String({ minLength: 1, maxLength: 200, pattern: '\\S' })),
    tz: Type.Optional(Type.String({ maxLength: 100, examples: ['Asia/Kolkata'] })),
    attempts: Type.Optional(
      Type.Object(
        { learner: Type.Optional(policy), class: Type.Optional(policy), items: Type.Optional(policy) },
        { additionalProperties: false },
      ),
    ),
    unverified: Type.Optional(unverified),
    silenceHours: Type.Optional(silenceHours),
    retention: Type.Optional(
      Type.Object(
        {
          receiptsDays: Type.Optional(retention.receiptsDays),
          eventsDays: Type.Optional(retention.eventsDays),
          responseBodiesDays: Type.Optional(retention.responseBodiesDays),
          deliveriesDays: Type.Optional(retention.deliveriesDays),
        },
        { additionalProperties: false },
      ),
    ),
  },
  { additionalProperties: false },
);

export const auditEntrySchema = Type.Object({
  id: Type.String(),
  at: time,
  actor: Type.Object({
    kind: Type.Enum(['member', 'key', 'system']),
    id: nullable(Type.String()),
    name: Type.String(),
  }),
  action: Type.String({ examples: ['learner.read'] }),
  target: nullable(Type.Object({ kind: Type.String(), id: nullable(Type.String()), name: nullable(Type.String()) })),
  details: Type.Record(Type.String(), Type.Unknown()),
  ip: nullable(Type.String()),
});
