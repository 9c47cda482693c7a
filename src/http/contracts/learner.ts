/** The learner of the contract, and the figures of a learner's page. */
import { Type } from 'typebox';
import { LEARNER_SORTS, type LearnerSort } from '../../progress/queries/list-learners.ts';
import { attemptSchema } from './attempt.ts';
import { cohortQuery, nullable, provider, time } from './common.ts';
import { basisSchema, count, plainText } from './figure.ts';

const text = nullable(Type.String());
const share = Type.Number({ minimum: 0, maximum: 1 });
const timeKinds = Type.Array(Type.Enum(['reported', 'wall_clock']), {
  description: 'What the sum of times holds: what platforms reported, and ends minus starts.',
});

const person = {
  id: Type.String(),
  name: text,
  email: text,
  identities: Type.Array(
    Type.Object({
      provider,
      realm: Type.String({
        description: 'Who gave the external id its meaning: an institute, portal or organization, else the source.',
      }),
      externalId: Type.String(),
    }),
  ),
};

export const learnerSchema = Type.Object({
  ...person,
  excluded: Type.Boolean({ description: 'A test person: in no figure.' }),
  cohorts: Type.Array(Type.String()),
  mergedFrom: Type.Array(Type.Object({ id: Type.String(), name: text, at: time }), {
    description: 'Learners that somebody said are the same person as this one.',
  }),
});

export const listedLearnerSchema = Type.Object({
  ...learnerSchema.properties,
  started: Type.Boolean({ description: 'false: known from a roster or by name only, without any attempt.' }),
  attemptsCompleted: count,
  averagePercentage: nullable(Type.Number({ description: "By the retake policy of learners' own pages." })),
  lastActivityAt: nullable(time),
});

export const learnersQuery = {
  sort: Type.Optional(
    Type.Enum([...LEARNER_SORTS], {
      description:
        'created (when not said), name, lastActivity or average. Who has no name, activity or score comes last in either order.',
    }),
  ),
  order: Type.Optional(
    Type.Enum(['asc', 'desc'], { description: 'When not said: asc by name, desc by everything else.' }),
  ),
  search: Type.Optional(
    plainText(200, 'Part of the name, the e-mail or an external id, whatever case and accents; or a learner id.'),
  ),
  ...cohortQuery,
};

const uuid = Type.String({ pattern: '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' });
const micros = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER });
const KEYS = {
  created: micros,
  name: Type.String({ maxLength: 2000, pattern: '^[^\\u0000]*$' }),
  lastActivity: micros,
  average: Type.Number(),
} as const satisfies Record<LearnerSort, unknown>;

/** What cursors of the list of learners hold, by what it is sorted by: `[rest, key, id]`; see Place. */
export function learnersCursor(sort: LearnerSort) {
  return Type.Union([Type.Tuple([Type.Literal(0), KEYS[sort], uuid]), Type.Tuple([Type.Literal(1), micros, uuid])]);
}

export const lookupQuery = {
  externalId: Type.Optional(plainText(1000, "The platform's id of the person.")),
  provider: Type.Optional(provider),
  source: Type.Optional(plainText(200, 'Id or slug of the source whose id it is.')),
  email: Type.Optional(plainText(400, 'Instead of an external id.')),
};

export const learnerPatch = Type.Object(
  {
    name: Type.Optional(
      nullable(
        Type.String({
          minLength: 1,
          maxLength: 500,
          pattern: '^[^\\u0000]*$',
          description: 'Platforms no longer change it; null: they do again.',
        }),
      ),
    ),
    email: Type.Optional(
      nullable(
        Type.String({
          minLength: 3,
          maxLength: 400,
          pattern: '^[^\\s@\\u0000]+@[^\\s@\\u0000]+$',
          description: 'Likewise.',
        }),
      ),
    ),
    excluded: Type.Optional(Type.Boolean({ description: 'true: a test person, in no figure.' })),
  },
  { additionalProperties: false, minProperties: 1 },
);

const weakAreaSchema = Type.Object({
  kind: Type.String({
    description: 'subject, topic, difficulty and so on; `activity` where the platform sends no areas.',
  }),
  name: Type.String(),
  parent: text,
  incorrect: count,
  total: Type.Integer({ description: 'Answers: right, wrong and partly right.' }),
  unanswered: Type.Integer({ description: 'Counted apart.' }),
  rate: Type.Number({ minimum: 0, maximum: 1, description: 'incorrect / total.' }),
  lowerBound: Type.Number({
    description: "The lower end of Wilson's 95 % interval of the rate; areas are ranked by it.",
  }),
  upperBound: share,
  baseline: Type.Number({ description: 'What the interval is compared with.' }),
  baselineOf: Type.Enum(['cohort', 'learner'], { description: 'Whose share of wrong answers the baseline is.' }),
  status: Type.Enum(['weak', 'unclear', 'strong', 'insufficient'], {
    description: 'weak: lowerBound over the baseline; strong: upperBound under it; insufficient: fewer than 5 answers.',
  }),
});

export const learnerProgressSchema = Type.Object({
  learner: Type.Object(person),
  summary: Type.Object({
    attemptsStarted: nullable(Type.Integer({ description: 'null where no platform of the learner tells starts.' })),
    attemptsCompleted: count,
    attemptsAbandoned: count,
    averagePercentage: nullable(Type.Number()),
    totalTimeSeconds: Type.Number(),
    timeKinds,
    lastActivityAt: nullable(time),
  }),
  recentAttempts: Type.Array(attemptSchema, { description: 'The ten newest, without tests.' }),
  weakAreas: Type.Array(weakAreaSchema, { description: 'Every area with answers, the weakest first.' }),
  timeline: Type.Array(
    Type.Object({
      date: Type.String({
        description: 'A day in the zone of the basis; days on which nothing was done are left out.',
      }),
      attemptsCompleted: count,
      averagePercentage: nullable(Type.Number()),
      timeSeconds: Type.Number(),
      timeKinds,
    }),
  ),
  basis: basisSchema,
});
