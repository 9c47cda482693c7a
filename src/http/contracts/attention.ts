/** Who needs a look now. */
import { Type } from 'typebox';
import { activityKind } from './attempt.ts';
import { cohortQuery, nullable, time } from './common.ts';

const text = nullable(Type.String());
const learnerRef = Type.Object({ id: Type.String(), name: text });
const activityRef = Type.Object({ id: Type.String(), title: text, kind: activityKind });
const step = text;

const common = {
  id: Type.String(),
  rank: Type.Integer({ description: 'How much it presses: lists have the greater first.' }),
  learner: learnerRef,
  activity: nullable(activityRef),
  attempt: nullable(Type.String({ description: 'Id of the attempt it is about.' })),
  since: Type.String({ format: 'date-time', description: 'Since when the rule holds.' }),
  state: Type.Enum(['open', 'acknowledged', 'snoozed']),
  acknowledged: nullable(
    Type.Object({ at: time, by: Type.String({ description: 'Name of the member or key.' }), note: text }),
  ),
  snoozedUntil: nullable(time),
};

const RULES = ['stuck_tries', 'stuck_silence', 'idle', 'below_class', 'abandoned_twice', 'overdue'] as const;

/** What each rule found; shown beside it. */
const facts = Type.Union([
  Type.Object(
    {
      step,
      stepTitle: nullable(Type.String({ description: 'null where the platform tells no title.' })),
      stepIndex: nullable(Type.Integer()),
      tries: Type.Integer({ description: 'Failed tries of that step.' }),
    },
    { title: 'stuck_tries' },
  ),
  Type.Object(
    {
      minutes: Type.Integer({
        description:
          'Whole minutes of silence inside a running attempt when it was last looked at; `since` is when it began.',
      }),
      classMedianMinutes: Type.Number({ description: 'The median pause at this activity.' }),
      gaps: Type.Integer({ description: 'How many pauses that median is of.' }),
    },
    { title: 'stuck_silence' },
  ),
  Type.Object(
    {
      days: Type.Integer({ description: 'Whole days without activity.' }),
      unfinished: Type.Integer({ description: 'Attempts begun and not finished.' }),
    },
    { title: 'idle' },
  ),
  Type.Object(
    {
      mean: Type.Number({ description: 'Of the last three completed attempts, in percent.' }),
      classMean: Type.Number({ description: 'Of the class at the same activities, in percent.' }),
      difference: Type.Number({ description: 'classMean - mean, in points.' }),
      deviations: Type.Number({ description: 'The difference in standard deviations of the class’s scores.' }),
      activities: Type.Integer({ description: 'Different activities among the three attempts.' }),
      classSize: Type.Integer({ description: 'Other learners compared with; at the activity with the fewest.' }),
    },
    { title: 'below_class' },
  ),
  Type.Object(
    { times: Type.Integer({ description: 'Attempts at the activity given up since it was last completed.' }) },
    { title: 'abandoned_twice' },
  ),
  Type.Object(
    { dueAt: time, days: Type.Integer({ description: 'Whole days since it was due.' }) },
    { title: 'overdue' },
  ),
]);

export const flagSchema = Type.Object({
  ...common,
  rule: Type.Enum([...RULES], {
    description:
      'stuck_tries: three failed tries of one step. stuck_silence: silent in a running attempt for more than 10 minutes and ' +
      'three times the median pause. idle: 7 days without activity and something begun and unfinished. below_class: the last ' +
      'three completed attempts more than 1.5 standard deviations and at least 10 points under the class. abandoned_twice. overdue.',
  }),
  facts,
});

export const attentionQuery = {
  ...cohortQuery,
  activity: Type.Optional(Type.String({ description: 'Only about this activity: an activity id.' })),
  learner: Type.Optional(Type.String({ description: 'Only of this learner: a learner id.' })),
  state: Type.Optional(
    Type.Enum(['open', 'acknowledged', 'snoozed'], { description: 'All that stand when not said.' }),
  ),
};

export const acknowledgeBody = Type.Object(
  { note: Type.Optional(Type.String({ maxLength: 2000 })) },
  { additionalProperties: false },
);

export const snoozeBody = Type.Object(
  {
    until: Type.Optional(Type.String({ description: 'RFC 3339; in the future.' })),
    minutes: Type.Optional(Type.Integer({ minimum: 1, maximum: 525_600 })),
  },
  { additionalProperties: false, description: 'One of the two.' },
);
