/** Who needs a look now, and what people say to it. */
import { Type } from 'typebox';
import { changeFlag, type FlagChange, getFlag, listFlags, toFlag } from '../../attention/flags.ts';
import { GradewireError } from '../../core/errors.ts';
import { publicId } from '../../core/ids.ts';
import { toMillis } from '../../core/time.ts';
import { tellNotices } from '../../live/notices.ts';
import { cohortScope, principalOf, requireLearner } from '../access.ts';
import type { App, HttpContext, Principal } from '../context.ts';
import { acknowledgeBody, attentionQuery, flagSchema, snoozeBody } from '../contracts/attention.ts';
import { filterId, idParams, instantOf, invalid, nullable, time, uuidOf } from '../contracts/common.ts';
import { decodeCursor, limitOf, pageOf, pageQuery, toPage } from '../pagination.ts';

const tags = ['Attention'];
const config = { access: ['admin', 'instructor'], keepsToLearner: true } as const;

const placeCursor = Type.Tuple([
  Type.Integer({ minimum: -2_147_483_648, maximum: 2_147_483_647 }),
  Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER }),
  Type.String({ pattern: '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' }),
]);

export function attentionRoutes(app: App, context: HttpContext): void {
  const { db } = context;

  app.get(
    '/api/v1/attention',
    {
      config,
      schema: {
        tags,
        summary: 'Who needs a look now, what presses most first',
        description:
          'Each with the rule that says so and what it found. A flag leaves the list when its rule no longer holds. Streams of ' +
          '`live` tell of every change: `event: attention`, `data: {id, state}`.',
        querystring: Type.Object({ ...pageQuery, ...attentionQuery }),
        response: { 200: Type.Object({ ...pageOf(flagSchema).properties, asOf: time }) },
      },
    },
    async (request) => {
      const { query } = request;
      const principal = principalOf(request);
      const limit = limitOf(query);
      const after = decodeCursor(placeCursor, query.cursor);
      const learnerId = filterId('lrn', query.learner, 'query/learner');
      if (learnerId !== undefined) await requireLearner(db, principal, learnerId);
      const asOf = new Date().toISOString();
      const rows = await listFlags(
        db,
        principal.workspace,
        {
          cohorts: cohortScope(principal, query.cohort),
          activityId: filterId('act', query.activity, 'query/activity'),
          learnerId: learnerId ?? principal.learnerId ?? undefined,
          state: query.state,
        },
        { after: after === null ? null : { rank: after[0], micros: after[1], id: after[2] }, limit: limit + 1 },
      );
      return { ...toPage(rows, limit, toFlag, (row) => [row.rank, row.since_micros, row.id]), asOf };
    },
  );

  app.post(
    '/api/v1/attention/:id/acknowledge',
    {
      config,
      schema: {
        tags,
        summary: 'Somebody has seen it and takes care',
        params: idParams,
        body: nullable(acknowledgeBody),
        response: { 200: flagSchema },
      },
    },
    async (request) => {
      const principal = principalOf(request);
      const note = request.body?.note ?? null;
      return await change(context, principal, request.params.id, { state: 'acknowledged', by: principal.name, note });
    },
  );

  app.post(
    '/api/v1/attention/:id/snooze',
    {
      config,
      schema: {
        tags,
        summary: 'Not now: it is open again at that time, if its rule still holds',
        params: idParams,
        body: snoozeBody,
        response: { 200: flagSchema },
      },
    },
    async (request) => {
      const principal = principalOf(request);
      const { until, minutes } = request.body;
      return await change(context, principal, request.params.id, {
        state: 'snoozed',
        by: principal.name,
        until: endOfSnooze(until, minutes),
      });
    },
  );

  app.post(
    '/api/v1/attention/:id/reopen',
    {
      config,
      schema: {
        tags,
        summary: 'Take an acknowledgement or a snooze back',
        params: idParams,
        response: { 200: flagSchema },
      },
    },
    async (request) => {
      const principal = principalOf(request);
      return await change(context, principal, request.params.id, { state: 'open', by: principal.name });
    },
  );
}

function endOfSnooze(until: string | undefined, minutes: number | undefined): Date {
  if ((until === undefined) === (minutes === undefined)) {
    throw invalid('body', 'Say either `until`, a time in the future, or `minutes`.');
  }
  if (minutes !== undefined) return new Date(Date.now() + minutes * 60_000);
  const instant = instantOf(until, 'body/until');
  const end = new Date(instant === null ? Number.NaN : toMillis(instant));
  if (end.getTime() > Date.now()) return end;
  throw invalid('body/until', 'This time is over. Say one in the future.');
}

async function change({ db }: HttpContext, principal: Principal, publicFlagId: string, wanted: FlagChange) {
  const { workspace } = principal;
  const id = uuidOf('flg', publicFlagId);
  const row = await getFlag(db, workspace, id);
  if (row === null) throw gone();
  await requireLearner(db, principal, row.learner_id);
  if (!(await changeFlag(db, workspace, id, wanted))) throw gone();
  const changed = await getFlag(db, workspace, id);
  if (changed === null) throw gone();
  await tellNotices(db, workspace, [
    {
      event: 'attention',
      learnerId: row.learner_id,
      activityId: row.activity_id,
      data: { id: publicId('flg', id), state: changed.state },
    },
  ]);
  return toFlag(changed);
}

function gone(): GradewireError {
  return new GradewireError(
    'not_found',
    'No flag with this id stands: its rule no longer holds, or it never was. GET /api/v1/attention lists those that do.',
  );
}
