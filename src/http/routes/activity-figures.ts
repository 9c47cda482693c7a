/** Figures of one activity: spread, days, steps, and learners × items. */

import { Type } from 'typebox';
import { publicId, type Uuid } from '../../core/ids.ts';
import type { Queryable } from '../../db/database.ts';
import type { ActivityRow } from '../../progress/queries/activity-row.ts';
import { activityDistribution } from '../../progress/queries/class/activity-distribution.ts';
import { activityGrid } from '../../progress/queries/class/activity-grid.ts';
import { activityTrend } from '../../progress/queries/class/activity-trend.ts';
import { readFunnel } from '../../progress/queries/class/read-bodies.ts';
import { toldItems } from '../../progress/queries/class/told-items.ts';
import { getActivity } from '../../progress/queries/get-activity.ts';
import { onSnapshot } from '../../progress/queries/snapshot.ts';
import { principalOf } from '../access.ts';
import { type ClassRequest, classRequest } from '../class-figures.ts';
import type { App, HttpContext, Principal } from '../context.ts';
import {
  activityFigureQuery,
  activityTrendQuery,
  activityTrendSchema,
  distributionSchema,
  funnelSchema,
  gridSchema,
} from '../contracts/activity-figures.ts';
import { idParams, uuidOf } from '../contracts/common.ts';
import { timeCursor } from '../contracts/cursor.ts';
import { activityReceipts, foundActivity } from '../found-activity.ts';
import { decodeCursor, limitOf, pageQuery, toPage } from '../pagination.ts';

const config = { access: ['admin', 'instructor'], keepsToLearner: true } as const;
const tags = ['Progress'];

export function activityFiguresRoutes(app: App, context: HttpContext): void {
  const { db, settings } = context;

  /** Reads figures of the activity in the path on one snapshot. */
  async function about<T>(
    principal: Principal,
    id: string,
    query: Parameters<typeof classRequest>[2],
    read: (tx: Queryable, asked: ActivityRequest) => Promise<T>,
    items = false,
  ): Promise<T> {
    return await onSnapshot(db, async (tx) => {
      const activity = foundActivity(await getActivity(tx, principal.workspace, uuidOf('act', id)));
      const asked = await classRequest(tx, principal, query, {
        activity,
        items,
        receipts: activityReceipts(settings.publicUrl, activity.id),
      });
      return await read(tx, {
        ...asked,
        activity,
        figures: { ...asked.figures, scope: { ...asked.figures.scope, activityId: activity.id } },
      });
    });
  }

  app.get(
    '/api/v1/activities/:id/distribution',
    {
      config,
      schema: {
        tags,
        summary: 'How the percentages of an activity spread',
        params: idParams,
        querystring: activityFigureQuery,
        response: { 200: distributionSchema },
      },
    },
    async (request) =>
      await about(principalOf(request), request.params.id, request.query, async (tx, asked) => {
        const { bins, basis } = await activityDistribution(tx, asked.figures);
        return { bins, passPercentage: asked.activity.pass_percentage, basis: asked.basis(basis) };
      }),
  );

  app.get(
    '/api/v1/activities/:id/trend',
    {
      config,
      schema: {
        tags,
        summary: 'Completions and averages of an activity by day',
        params: idParams,
        querystring: activityTrendQuery,
        response: { 200: activityTrendSchema },
      },
    },
    async (request) =>
      await about(principalOf(request), request.params.id, request.query, async (tx, asked) => {
        const { days, basis } = await activityTrend(tx, asked.figures, asked.tz);
        return { data: days, basis: asked.basis(basis) };
      }),
  );

  app.get(
    '/api/v1/activities/:id/funnel',
    {
      config,
      schema: {
        tags,
        summary: 'How many reach, try, complete and skip each step of a track',
        description:
          'Of attempts begun within the range, running ones included. The policy chooses by when an attempt began; `best` the one with most steps completed. `basis.n` counts the attempts used.',
        params: idParams,
        querystring: activityFigureQuery,
        response: { 200: funnelSchema },
      },
    },
    async (request) =>
      await about(principalOf(request), request.params.id, request.query, async (tx, asked) => {
        const { body, asOf, sampledFrom } = await readFunnel(tx, asked.figures, asked.asOf);
        return {
          steps: body.steps.map((step) => ({ ...step, title: null })),
          sampledFrom,
          basis: { ...asked.basis(body.basis), asOf: asOf.toISOString() },
        };
      }),
  );

  app.get(
    '/api/v1/activities/:id/grid',
    {
      config,
      schema: {
        tags,
        summary: 'Learners × items of an activity, newest attempts first',
        description: 'One row for each attempt that the policy chooses.',
        params: idParams,
        querystring: Type.Object({ ...pageQuery, ...activityFigureQuery.properties }),
        response: { 200: gridSchema },
      },
    },
    async (request) =>
      await about(principalOf(request), request.params.id, request.query, async (tx, asked) => {
        const limit = limitOf(request.query);
        const after = decodeCursor(timeCursor, request.query.cursor);
        const grid = await activityGrid(tx, asked.figures, {
          after: after === null ? null : { micros: after[0], id: after[1] as Uuid },
          limit: limit + 1,
        });
        const told = await toldItems(tx, asked.figures.scope.workspace, asked.activity.id);
        const texts = new Map(told.map((item) => [item.questionId, item.text]));
        const columns = [
          ...texts.keys(),
          ...grid.questions.filter((question) => !texts.has(question)).toSorted(byNumber.compare),
        ];
        const page = toPage(
          grid.rows,
          limit,
          (row) => ({
            learner: { id: publicId('lrn', row.learnerId), name: row.learnerName },
            attempt: publicId('att', row.id),
            percentage: row.percentage,
            cells: columns.map((question) => row.marks[question] ?? null),
          }),
          (row) => [row.doneMicros, row.id],
        );
        return {
          columns: columns.map((questionId) => ({ questionId, text: texts.get(questionId) ?? null })),
          rows: page.data,
          nextCursor: page.nextCursor,
          basis: asked.basis(grid.basis),
        };
      }),
  );
}

/** q2 stands before q10. */
const byNumber = new Intl.Collator('en', { numeric: true });

type ActivityRequest = ClassRequest & {
  activity: ActivityRow;
  figures: ClassRequest['figures'] & { scope: { activityId: Uuid } };
};
