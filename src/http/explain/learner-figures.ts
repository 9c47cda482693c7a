/** Explains the figures of a learner's page. */
import { GradewireError } from '../../core/errors.ts';
import { publicId } from '../../core/ids.ts';
import type { Queryable } from '../../db/database.ts';
import { weakAreas } from '../../progress/figures/weak-areas.ts';
import { figureSettings } from '../../progress/queries/figure-settings.ts';
import { learnerAreas } from '../../progress/queries/learner-areas.ts';
import { learnerSummary } from '../../progress/queries/learner-summary.ts';
import type { Principal } from '../context.ts';
import { invalid } from '../contracts/common.ts';
import { figureFilter, timeZoneOf } from '../contracts/figure.ts';
import { visibleLearner } from '../routes/learners.ts';
import type { ExplainQuery } from './area.ts';
import { isArea } from './area.ts';
import { AVERAGE, COMPLETED, type Explanation, STARTED, TIME, type Value, WEAK_AREA } from './explained.ts';

export async function explainLearner(
  tx: Queryable,
  principal: Principal,
  query: ExplainQuery,
  publicUrl: string,
): Promise<Explanation> {
  if (query.learner === undefined) throw invalid('query/learner', 'Say whose figure it is: a learner id.');
  const learner = await visibleLearner(tx, principal, query.learner);
  const { workspace } = principal;
  const settings = await figureSettings(tx, workspace);
  const filter = figureFilter(query, settings, settings.learnerPolicy);
  const policy = filter.policy ?? settings.learnerPolicy;
  const common = {
    policy,
    about: { learner: { workspace, learnerId: learner.id, filter } },
    asOf: settings.asOf,
    tz: timeZoneOf(query.tz) ?? settings.tz,
    receipts: `${publicUrl}/api/v1/learners/${publicId('lrn', learner.id)}`,
  };
  const summary = async (reader: Queryable, other: typeof filter.policy) =>
    await learnerSummary(reader, workspace, learner.id, { ...filter, policy: other ?? filter.policy });
  const counts = (value: number | null, n: number, read: Awaited<ReturnType<typeof summary>>): Value => ({
    value,
    n,
    learners: n > 0 ? 1 : 0,
    basis: read,
    completed: read.attemptsCompleted,
  });
  switch (query.figure) {
    case 'learner.attemptsCompleted':
      return {
        ...common,
        unit: 'count',
        formula: COMPLETED,
        use: 'completed',
        byPolicy: false,
        read: async (reader, other) => {
          const read = await summary(reader, other);
          return counts(read.attemptsCompleted, read.attemptsCompleted, read);
        },
      };
    case 'learner.attemptsStarted':
      return {
        ...common,
        unit: 'count',
        formula: STARTED,
        use: 'started',
        byPolicy: false,
        read: async (reader, other) => {
          const read = await summary(reader, other);
          return counts(read.attemptsStarted, read.attemptsStarted ?? 0, read);
        },
      };
    case 'learner.totalTimeSeconds':
      return {
        ...common,
        unit: 'seconds',
        formula: TIME,
        use: 'timed',
        byPolicy: false,
        read: async (reader, other) => {
          const read = await summary(reader, other);
          return counts(read.totalTimeSeconds, read.attemptsCompleted, read);
        },
      };
    case 'learner.weakArea':
      return {
        ...common,
        unit: 'share',
        formula: WEAK_AREA,
        use: 'chosen',
        byPolicy: true,
        read: async (reader, other) => {
          const { areas, ownRate } = await learnerAreas(reader, workspace, learner.id, {
            ...filter,
            policy: other ?? filter.policy,
          });
          const area = weakAreas(areas, ownRate).find((one) => isArea(query, one));
          if (area === undefined && other === null)
            throw new GradewireError('not_found', 'There are no answers of this learner in that area.');
          return counts(area?.rate ?? null, area?.total ?? 0, await summary(reader, other));
        },
      };
    default:
      return {
        ...common,
        unit: 'percent',
        formula: AVERAGE,
        use: 'average',
        byPolicy: true,
        read: async (reader, other) => {
          const read = await summary(reader, other);
          return counts(read.averagePercentage, read.n, read);
        },
      };
  }
}
