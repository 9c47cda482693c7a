/** The overview: totals, trend and weak areas over many learners. */
import { Type } from 'typebox';
import { activityKind } from './attempt.ts';
import { cohortQuery, nullable, provider, time } from './common.ts';
import { basisSchema, count, figureQuery, tzQuery } from './figure.ts';

const share = Type.Number({ minimum: 0, maximum: 1 });
const average = nullable(
  Type.Number({ description: 'Over the attempts that the retake policy of the basis chooses.' }),
);
const started = nullable(
  Type.Integer({ description: 'null where no platform of these attempts tells when one begins.' }),
);

export const overviewQuery = Type.Object({ ...figureQuery, ...cohortQuery, tz: tzQuery });

const totalsSchema = Type.Object({
  learners: Type.Integer({ description: 'People with an attempt begun or ended in the range.' }),
  attemptsStarted: started,
  attemptsCompleted: count,
  attemptsAbandoned: count,
  averagePercentage: average,
  passed: Type.Integer({
    description:
      "Of the chosen attempts: the platform's word; where it says nothing, the activity's pass mark. Those of which nothing says are in neither.",
  }),
  failed: count,
  timeSeconds: Type.Number({ description: 'Reported times, and ends minus starts where only those are known.' }),
});

const dayFigureSchema = Type.Object({
  date: Type.String({ description: 'A day in the zone of the basis; days on which nothing happened are left out.' }),
  attemptsStarted: started,
  attemptsCompleted: count,
  averagePercentage: average,
});

const activityRefSchema = Type.Object({
  id: Type.String(),
  title: nullable(Type.String()),
  kind: activityKind,
});

const overviewAreaSchema = Type.Object({
  kind: Type.String({ description: 'subject, topic and so on; `activity` where the platform sends no areas.' }),
  name: Type.String(),
  parent: nullable(Type.String()),
  incorrect: count,
  total: Type.Integer({ description: 'Answers: right, wrong and partly right.' }),
  unanswered: count,
  rate: share,
  lowerBound: Type.Number({ description: "The lower end of Wilson's 95 % interval of the rate; ranked by it." }),
  upperBound: share,
  baseline: Type.Number({ description: 'What the interval is compared with.' }),
  baselineOf: Type.Enum(['overall'], { description: 'The share of wrong answers over all areas of this answer.' }),
  status: Type.Enum(['weak', 'unclear', 'strong', 'insufficient']),
  activity: nullable(activityRefSchema),
  learners: Type.Integer({ description: 'Whose answers: people, once for each activity they answered in.' }),
});

export const overviewSchema = Type.Object({
  totals: totalsSchema,
  previous: Type.Union([totalsSchema, Type.Null()], {
    description: 'The same over the period before, of equal length; null when `from` is open.',
  }),
  trend: Type.Array(dayFigureSchema),
  weakAreas: Type.Array(overviewAreaSchema, {
    description:
      "The ten weakest areas. Each learner's last attempt at an activity counts, whatever the retake policy.",
  }),
  platforms: Type.Array(
    Type.Object({ provider, attemptsStarted: started, attemptsCompleted: count, averagePercentage: average }),
  ),
  completeness: Type.Object({
    startedWithoutEnd: Type.Integer({ description: 'Attempts begun in the range that nothing ended so far.' }),
    stepGaps: Type.Integer({
      description: 'Attempts at tracks begun in the range in which numbers of steps are missing.',
    }),
    sources: Type.Array(
      Type.Object({
        id: Type.String(),
        slug: nullable(Type.String()),
        name: Type.String(),
        provider,
        lastReceiptAt: nullable(time),
        silent: Type.Boolean({ description: 'Nothing came for longer than the workspace expects.' }),
      }),
      { description: 'Empty for whoever is limited to cohorts.' },
    ),
  }),
  basis: basisSchema,
});
