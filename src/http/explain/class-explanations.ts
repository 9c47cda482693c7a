/** Explains figures over many learners: of the overview, of an activity, of an item. */
import { GradewireError } from '../../core/errors.ts';
import type { Queryable } from '../../db/database.ts';
import { rankedAreas } from '../../progress/figures/class-areas.ts';
import type { RetakePolicy } from '../../progress/figures/retake-policy.ts';
import type { ClassFigures } from '../../progress/queries/class/class-attempts.ts';
import { overviewAreas } from '../../progress/queries/class/overview-areas.ts';
import { readItems } from '../../progress/queries/class/read-bodies.ts';
import { tellsStarts } from '../../progress/queries/class/tells-starts.ts';
import { type Totals, type TotalsByPolicy, totalsByPolicy } from '../../progress/queries/class/totals-by-policy.ts';
import { getActivity } from '../../progress/queries/get-activity.ts';
import { classRequest } from '../class-figures.ts';
import type { Principal } from '../context.ts';
import { invalid, uuidOf } from '../contracts/common.ts';
import { activityReceipts, foundActivity } from '../found-activity.ts';
import { type ExplainQuery, isArea } from './area.ts';
import {
  AVERAGE,
  COMPLETED,
  DISCRIMINATION,
  type Explanation,
  FACILITY,
  LEARNERS,
  PASS_RATE,
  STARTED,
  TIME,
  type Value,
  WEAK_AREA,
} from './explained.ts';

export async function explainClass(
  tx: Queryable,
  principal: Principal,
  query: ExplainQuery,
  publicUrl: string,
): Promise<Explanation> {
  const overview = query.figure.startsWith('overview.');
  const items = query.figure.startsWith('item.');
  if (!overview && query.activity === undefined)
    throw invalid('query/activity', 'Say which activity the figure is of: an activity id.');
  const activity =
    overview || query.activity === undefined
      ? null
      : foundActivity(await getActivity(tx, principal.workspace, uuidOf('act', query.activity)));
  const receipts = activity === null ? `${publicUrl}/api/v1` : activityReceipts(publicUrl, activity.id);
  const asked = await classRequest(tx, principal, query, { activity, items, receipts });
  const { policy, asOf, tz } = asked;
  const by = (other: RetakePolicy | null): ClassFigures =>
    other === null ? asked.figures : { ...asked.figures, filter: { ...asked.figures.filter, policy: other } };
  const common = { policy, about: { class: asked.figures }, asOf, tz, receipts };
  if (items) {
    if (activity === null || query.question === undefined)
      throw invalid('query/question', 'Say which question the figure is of: a question id.');
    return {
      ...common,
      ...(query.figure === 'item.facility'
        ? { unit: 'share', formula: FACILITY }
        : { unit: 'index', formula: DISCRIMINATION }),
      use: 'chosen',
      byPolicy: true,
      othersTakeLong: asked.figures.source === 'stored',
      read: async (reader, other) => {
        const figures = by(other);
        const { body } = await readItems(
          reader,
          { ...figures, scope: { ...figures.scope, activityId: activity.id } },
          asOf,
        );
        const item = body.items.find((one) => one.questionId === query.question);
        if (item === undefined && other === null)
          throw new GradewireError('not_found', 'Nobody answered a question with this id in the attempts that count.');
        const value = query.figure === 'item.facility' ? item?.facility : item?.discrimination;
        const { basis } = body;
        return {
          value: value ?? null,
          n: item?.answered ?? 0,
          learners: basis.learners,
          basis,
          completed: body.chosen,
        };
      },
    };
  }
  let every: Promise<TotalsByPolicy> | undefined;
  const totals = async (reader: Queryable, other: RetakePolicy | null): Promise<Totals> => {
    every ??= totalsByPolicy(reader, asked.figures);
    return (await every)[other ?? 'asked'];
  };
  const value = (read: Totals, figure: number | null, n: number, learners: number): Value => ({
    value: figure,
    n,
    learners,
    basis: read.basis,
    completed: read.attemptsCompleted,
  });
  const count = (
    formula: string,
    use: Explanation['use'],
    unit: Explanation['unit'],
    figure: (read: Totals) => number,
    n: (read: Totals) => number = figure,
  ): Explanation => ({
    ...common,
    unit,
    formula,
    use,
    byPolicy: false,
    read: async (reader, other) => {
      const read = await totals(reader, other);
      return value(read, figure(read), n(read), read.learners);
    },
  });
  switch (query.figure) {
    case 'overview.attemptsCompleted':
    case 'activity.attemptsCompleted':
      return count(COMPLETED, 'completed', 'count', (read) => read.attemptsCompleted);
    case 'overview.attemptsStarted': {
      const tells = (await tellsStarts(tx, principal.workspace)).size > 0;
      const explanation = count(STARTED, 'started', 'count', (read) => read.attemptsStarted);
      return {
        ...explanation,
        read: async (reader, other) => {
          const read = await explanation.read(reader, other);
          return { ...read, value: tells || read.n > 0 ? read.value : null };
        },
      };
    }
    case 'overview.learners':
      return count(LEARNERS, 'active', 'count', (read) => read.learners);
    case 'overview.timeSeconds':
      return count(
        TIME,
        'timed',
        'seconds',
        (read) => read.timeSeconds,
        (read) => read.attemptsCompleted,
      );
    case 'overview.passRate':
    case 'activity.passRate':
      return {
        ...common,
        unit: 'share',
        formula: PASS_RATE,
        use: 'judged',
        byPolicy: true,
        read: async (reader, other) => {
          const read = await totals(reader, other);
          const judged = read.passed + read.failed;
          return value(read, judged === 0 ? null : read.passed / judged, judged, read.basis.learners);
        },
      };
    case 'overview.weakArea': {
      const last = { ...asked.figures, filter: { ...asked.figures.filter, policy: 'last' as const } };
      return {
        ...common,
        policy: 'last',
        about: { class: last },
        unit: 'share',
        formula: `${WEAK_AREA} Each learner's last attempt at an activity counts.`,
        use: 'chosen',
        byPolicy: false,
        read: async (reader) => {
          const areas = rankedAreas(await overviewAreas(reader, asked.figures));
          const area = areas.find(
            (one) => isArea(query, one) && (query.activity === undefined || one.activity?.id === query.activity),
          );
          if (area === undefined) throw new GradewireError('not_found', 'There are no answers in that area.');
          return value(await totals(reader, 'last'), area.rate, area.total, area.learners);
        },
      };
    }
    default:
      return {
        ...common,
        unit: 'percent',
        formula: AVERAGE,
        use: 'average',
        byPolicy: true,
        read: async (reader, other) => {
          const read = await totals(reader, other);
          return value(read, read.averagePercentage, read.basis.n, read.basis.learners);
        },
      };
  }
}
