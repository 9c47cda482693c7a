/** The cohort of the contract (a class), its rule and its members. */
import { Type } from 'typebox';
import { nullable, provider, time } from './common.ts';
import { plainText } from './figure.ts';

const written = (maxLength: number, description: string) =>
  Type.String({ minLength: 1, maxLength, pattern: '^[^\\u0000]*$', description });

const told = {
  name: written(200, 'Of the attribute or custom parameter.'),
  value: written(1000, 'Compared as it is written; of a list, one of its entries.'),
  provider: Type.Optional(Type.Enum(provider.enum, { description: 'Only as this platform tells it.' })),
};

const conditionSchema = Type.Union([
  Type.Object(
    { kind: Type.Literal('attribute', { description: 'What a platform tells of the person.' }), ...told },
    { additionalProperties: false },
  ),
  Type.Object(
    { kind: Type.Literal('parameter', { description: 'A custom parameter of the link.' }), ...told },
    { additionalProperties: false },
  ),
  Type.Object(
    {
      kind: Type.Literal('invite'),
      value: written(1000, "The platform's id of the invitation."),
    },
    { additionalProperties: false },
  ),
  Type.Object(
    {
      kind: Type.Literal('activity', { description: 'Whoever has an attempt at it.' }),
      activity: Type.String({ maxLength: 200, description: 'An activity id.' }),
    },
    { additionalProperties: false },
  ),
]);

export const ruleSchema = Type.Object(
  { any: Type.Array(conditionSchema, { minItems: 1, maxItems: 20, description: 'Whoever meets one of them is in.' }) },
  { additionalProperties: false },
);

const name = written(200, 'Unique in the workspace, whatever its case: rosters name cohorts.');
const description = Type.Optional(nullable(plainText(2000, 'For people.')));

export const cohortSchema = Type.Object({
  id: Type.String(),
  name: Type.String(),
  description: nullable(Type.String()),
  rule: nullable(ruleSchema),
  members: Type.Integer({ minimum: 0, description: 'How many learners are in it.' }),
  createdAt: time,
});

export const cohortsQuery = {
  search: Type.Optional(plainText(200, 'Part of the name, whatever its case.')),
};

export const cohortBody = Type.Object(
  { name, description, rule: Type.Optional(nullable(ruleSchema)) },
  { additionalProperties: false },
);

export const cohortPatch = Type.Object(
  { name: Type.Optional(name), description, rule: Type.Optional(nullable(ruleSchema)) },
  { additionalProperties: false, minProperties: 1 },
);

const learnerRef = { id: Type.String(), name: nullable(Type.String()) };

export const previewBody = Type.Object({ rule: ruleSchema }, { additionalProperties: false });

export const previewSchema = Type.Object({
  count: Type.Integer({ minimum: 0, description: 'How many learners the rule fits now.' }),
  sample: Type.Array(Type.Object(learnerRef), { description: 'Ten of them, by name.' }),
});

export const memberSchema = Type.Object({
  learner: Type.Object({ ...learnerRef, email: nullable(Type.String()) }),
  origin: Type.Enum(['hand', 'list', 'rule'], {
    description: 'How they came in: picked by hand, named in a list or a roster, or by the rule.',
  }),
  addedAt: time,
});

export const cohortMembersQuery = {
  search: Type.Optional(plainText(200, 'Part of the name, the e-mail or an external id, whatever its case.')),
};

export const addMembersBody = Type.Object(
  {
    learners: Type.Optional(
      Type.Array(Type.String({ maxLength: 200 }), { maxItems: 10_000, description: 'Learner ids.' }),
    ),
    list: Type.Optional(plainText(1_000_000, 'One a line: an e-mail, an external id or a learner id.')),
  },
  { additionalProperties: false, minProperties: 1 },
);

export const addedMembersSchema = Type.Object({
  added: Type.Integer({ minimum: 0 }),
  already: Type.Integer({ minimum: 0, description: 'Were in it before.' }),
  unknown: Type.Array(Type.String(), {
    description: 'What fits no learner, or more than one: use the learner id instead.',
  }),
});
