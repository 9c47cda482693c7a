/** Attempts: listed, and one with everything that is known of it. */
import { Type } from 'typebox';
import { GradewireError } from '../../core/errors.ts';
import { toAttemptSummary } from '../../progress/queries/attempt-summary.ts';
import { getAttempt } from '../../progress/queries/get-attempt.ts';
import { listAttempts } from '../../progress/queries/list-attempts.ts';
import { cohortScope, principalOf, requireLearner } from '../access.ts';
import type { App, HttpContext } from '../context.ts';
import { attemptSchema, attemptsQuery, wholeAttemptSchema } from '../contracts/attempt.ts';
import { filterId, idParams, instantOf, uuidOf } from '../contracts/common.ts';
import { timeCursor } from '../contracts/cursor.ts';
import { decodeCursor, limitOf, pageOf, pageQuery, toPage } from '../pagination.ts';
import { sourceFilter } from '../source-filter.ts';
import { wholeAttempt } from '../whole-attempt.ts';

const tags = ['Progress'];

export function attemptsRoutes(app: App, context: HttpContext): void {
  const { db } = context;

  app.get(
    '/api/v1/attempts',
    {
      config: { access: ['admin', 'instructor', 'learner'] },
      schema: {
        tags,
        summary: 'List attempts, newest first',
        description: 'By when they opened. `from` and `to` are about that time too.',
        querystring: Type.Object({ ...pageQuery, ...attemptsQuery }),
        response: { 200: pageOf(attemptSchema) },
      },
    },
    async (request) => {
      const { query } = request;
      const principal = principalOf(request);
      const { workspace } = principal;
      const limit = limitOf(query);
      const after = decodeCursor(timeCursor, query.cursor);
      const learnerId = filterId('lrn', query.learner, 'query/learner');
      const filter = {
        learnerId: learnerId ?? principal.learnerId ?? undefined,
        activityId: filterId('act', query.activity, 'query/activity'),
        sourceId: await sourceFilter(db, workspace, query.source),
        state: query.state,
        cohorts: cohortScope(principal, query.cohort),
        from: instantOf(query.from, 'query/from') ?? undefined,
        to: instantOf(query.to, 'query/to') ?? undefined,
      };
      if (learnerId !== undefined) await requireLearner(db, principal, learnerId);
      const rows = await listAttempts(db, workspace, filter, {
        after: after === null ? null : { micros: after[0], id: after[1] },
        limit: limit + 1,
      });
      return toPage(rows, limit, toAttemptSummary, (row) => [row.opened_micros, row.id]);
    },
  );

  app.get(
    '/api/v1/attempts/:id',
    {
      config: { access: ['admin', 'instructor', 'learner'] },
      schema: {
        tags,
        summary: 'One attempt, with its answers, breakdowns, steps, receipts and earlier grades',
        params: idParams,
        response: { 200: wholeAttemptSchema },
      },
    },
    async (request) => {
      const principal = principalOf(request);
      const attempt = await getAttempt(db, principal.workspace, uuidOf('att', request.params.id));
      if (attempt === null)
        throw new GradewireError('not_found', 'No attempt has this id. GET /api/v1/attempts lists them.');
      await requireLearner(db, principal, attempt.learner_id);
      return wholeAttempt(attempt);
    },
  );
}
