/** Who is in an attempt now. */
import { Type } from 'typebox';
import { listRunning, toRunning } from '../../attention/running.ts';
import { onSnapshot } from '../../progress/queries/snapshot.ts';
import { cohortScope, principalOf, requireLearner } from '../access.ts';
import type { App, HttpContext } from '../context.ts';
import { filterId, time } from '../contracts/common.ts';
import { timeCursor } from '../contracts/cursor.ts';
import { runningCounts, runningQuery, runningSchema } from '../contracts/running.ts';
import { decodeCursor, limitOf, pageOf, pageQuery, toPage } from '../pagination.ts';

export function runningRoutes(app: App, context: HttpContext): void {
  const { db } = context;
  app.get(
    '/api/v1/running',
    {
      config: { access: ['admin', 'instructor'], keepsToLearner: true },
      schema: {
        tags: ['Attention'],
        summary: 'Attempts under way, the latest sign first',
        description:
          'Attempts that were begun, have no end, and gave a sign within 24 hours. Tests and excluded learners are left out.',
        querystring: Type.Object({ ...pageQuery, ...runningQuery }),
        response: {
          200: Type.Object({ ...pageOf(runningSchema).properties, counts: runningCounts, asOf: time }),
        },
      },
    },
    async (request) => {
      const { query } = request;
      const principal = principalOf(request);
      const limit = limitOf(query);
      const after = decodeCursor(timeCursor, query.cursor);
      const learnerId = filterId('lrn', query.learner, 'query/learner');
      if (learnerId !== undefined) await requireLearner(db, principal, learnerId);
      const filter = {
        cohorts: cohortScope(principal, query.cohort),
        activityId: filterId('act', query.activity, 'query/activity'),
        learnerId: learnerId ?? principal.learnerId ?? undefined,
      };
      const asOf = new Date().toISOString();
      const { counts, rows } = await onSnapshot(db, (tx) =>
        listRunning(tx, principal.workspace, filter, {
          after: after === null ? null : { micros: after[0], id: after[1] },
          limit: limit + 1,
        }),
      );
      return { ...toPage(rows, limit, toRunning, (row) => [row.last_micros, row.id]), counts, asOf };
    },
  );
}
