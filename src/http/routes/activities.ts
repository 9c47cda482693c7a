/** Activities: listed with their figures, looked at, and what people set for them. */
import { type Static, Type } from 'typebox';
import { GradewireError } from '../../core/errors.ts';
import { publicId, type Uuid } from '../../core/ids.ts';
import type { Instant } from '../../core/time.ts';
import { basisOf } from '../../progress/figures/basis.ts';
import { type ActivityRow, toActivityHead } from '../../progress/queries/activity-row.ts';
import { classReceipts } from '../../progress/queries/class/class-receipts.ts';
import { type ListedFigures, listFigures } from '../../progress/queries/class/list-figures.ts';
import type { FigureFilter } from '../../progress/queries/counted-attempts.ts';
import { figureSettings } from '../../progress/queries/figure-settings.ts';
import { getActivity } from '../../progress/queries/get-activity.ts';
import { listActivities } from '../../progress/queries/list-activities.ts';
import { type ActivityPatch, patchActivity } from '../../progress/queries/patch-activity.ts';
import { onSnapshot } from '../../progress/queries/snapshot.ts';
import { classScope, principalOf } from '../access.ts';
import { classRequest } from '../class-figures.ts';
import type { App, HttpContext, Principal } from '../context.ts';
import { activitiesQuery, activityPatch, activitySchema } from '../contracts/activity.ts';
import { cohortQuery, idParams, instantOf, uuidOf } from '../contracts/common.ts';
import { evidenceCursor, numberCursor, textCursor, timeCursor } from '../contracts/cursor.ts';
import { figureFilter, figureQuery, figureReceiptSchema, receiptsUrl } from '../contracts/figure.ts';
import { toFigureReceipt } from '../figure-receipt.ts';
import { decodeCursor, limitOf, pageOf, pageQuery, toPage } from '../pagination.ts';

type ActivityObject = Static<typeof activitySchema>;

const figureQuerySchema = Type.Object({ ...figureQuery, ...cohortQuery });
const tags = ['Progress'];
const CURSORS = { created: timeCursor, title: textCursor, attempts: numberCursor, average: numberCursor } as const;

export function activitiesRoutes(app: App, context: HttpContext): void {
  const { db } = context;

  app.get(
    '/api/v1/activities',
    {
      config: { access: ['admin', 'instructor'], keepsToLearner: true },
      schema: {
        tags,
        summary: 'List activities with their figures',
        querystring: Type.Object({ ...pageQuery, ...figureQuery, ...cohortQuery, ...activitiesQuery }),
        response: { 200: pageOf(activitySchema) },
      },
    },
    async (request) => {
      const { query } = request;
      const principal = principalOf(request);
      const limit = limitOf(query);
      const sort = query.sort ?? 'created';
      const after = decodeCursor(CURSORS[sort], query.cursor);
      return await onSnapshot(db, async (tx) => {
        const rows = await listActivities(
          tx,
          principal.workspace,
          { search: query.search, kind: query.kind },
          { sort, after: after === null ? null : { key: after[0], id: after[1] as Uuid }, limit: limit + 1 },
        );
        const shown = await withFigures(tx, principal, rows.slice(0, limit), query, context.settings.publicUrl);
        const objects = new Map(shown.map((activity) => [activity.id, activity]));
        return toPage(
          rows,
          limit,
          (row) => found(objects.get(publicId('act', row.id))),
          (row) => [row.sort_key, row.id],
        );
      });
    },
  );

  app.get(
    '/api/v1/activities/:id',
    {
      config: { access: ['admin', 'instructor'], keepsToLearner: true },
      schema: {
        tags,
        summary: 'One activity with its figures',
        params: idParams,
        querystring: figureQuerySchema,
        response: { 200: activitySchema },
      },
    },
    async (request) =>
      await oneActivity(context, principalOf(request), uuidOf('act', request.params.id), request.query),
  );

  app.patch(
    '/api/v1/activities/:id',
    {
      config: { access: ['admin'] },
      schema: {
        tags,
        summary: 'Set the pass mark, the due time or the retake policy',
        params: idParams,
        body: activityPatch,
        response: { 200: activitySchema },
      },
    },
    async (request) => {
      const principal = principalOf(request);
      const id = uuidOf('act', request.params.id);
      await patchActivity(db, principal.workspace, id, toPatch(request.body));
      return await oneActivity(context, principal, id, {});
    },
  );

  app.get(
    '/api/v1/activities/:id/receipts',
    {
      config: { access: ['admin', 'instructor'], keepsToLearner: true },
      schema: {
        tags,
        summary: "The receipts that an activity's figures are made of, those of the newest attempts first",
        params: idParams,
        querystring: Type.Object({ ...pageQuery, ...figureQuery, ...cohortQuery }),
        response: { 200: pageOf(figureReceiptSchema) },
      },
    },
    async (request) => {
      const { query } = request;
      const principal = principalOf(request);
      const limit = limitOf(query);
      const cursor = decodeCursor(evidenceCursor, query.cursor);
      const after = cursor === null ? null : { micros: cursor[0], attemptId: cursor[1], seq: cursor[2] };
      const activity = found(await getActivity(db, principal.workspace, uuidOf('act', request.params.id)));
      const { figures } = await classRequest(db, principal, query, { activity, receipts: '' });
      const rows = await classReceipts(db, figures, { after, limit: limit + 1 });
      const page = toPage(rows, limit, toFigureReceipt, (row) => [row.micros, row.attemptId, row.seq]);
      const once = new Map(page.data.map((receipt) => [receipt.id, receipt]));
      return { ...page, data: [...once.values()] };
    },
  );
}

async function oneActivity(
  { db, settings }: HttpContext,
  principal: Principal,
  id: Uuid,
  query: Static<typeof figureQuerySchema>,
): Promise<ActivityObject> {
  return await onSnapshot(db, async (tx) => {
    const row = found(await getActivity(tx, principal.workspace, id));
    return found((await withFigures(tx, principal, [row], query, settings.publicUrl))[0]);
  });
}

async function withFigures(
  tx: Parameters<typeof figureSettings>[0],
  principal: Principal,
  rows: readonly ActivityRow[],
  query: Static<typeof figureQuerySchema>,
  publicUrl: string,
): Promise<ActivityObject[]> {
  const settings = await figureSettings(tx, principal.workspace);
  const filter = figureFilter(query, settings, settings.classPolicy);
  const ids = rows.map((row) => row.id);
  const cohorts = classScope(principal, query.cohort);
  const figures = await listFigures(tx, principal.workspace, ids, filter, cohorts);
  return rows.map((row) => {
    const own = figures.get(row.id) ?? noFigures(row, filter);
    const head = toActivityHead(row);
    return {
      ...head,
      attemptsCompleted: own.attemptsCompleted,
      learners: own.learnersCompleted,
      averagePercentage: own.averagePercentage,
      basis: basisOf(own, {
        attempts: own.policy,
        tz: settings.tz,
        asOf: own.keptAsOf ?? settings.asOf,
        receipts: receiptsUrl(`${publicUrl}/api/v1/activities/${head.id}`, filter, query.cohort),
      }),
    };
  });
}

function noFigures(row: ActivityRow, filter: FigureFilter): ListedFigures {
  return {
    keptAsOf: null,
    activityId: row.id,
    policy: filter.policy ?? row.attempts_policy ?? filter.fallback,
    attemptsCompleted: 0,
    learnersCompleted: 0,
    averagePercentage: null,
    n: 0,
    learners: 0,
    unverified: 0,
    excludedTest: 0,
    excludedRevoked: 0,
    excludedUnverified: 0,
    noScore: 0,
  };
}

function toPatch(body: Static<typeof activityPatch>): ActivityPatch {
  const { dueAt, ...rest } = body;
  if (dueAt === undefined) return rest;
  const due: Instant | null = dueAt === null ? null : instantOf(dueAt, 'body/dueAt');
  return { ...rest, dueAt: due };
}

function found<T>(value: T | null | undefined): T {
  if (value !== null && value !== undefined) return value;
  throw new GradewireError('not_found', 'No activity has this id. GET /api/v1/activities lists them.');
}
