/** How far a learner has come, and the receipts that say so. */
import { Type } from 'typebox';
import { basisOf } from '../../progress/figures/basis.ts';
import { weakAreas } from '../../progress/figures/weak-areas.ts';
import { toAttemptSummary } from '../../progress/queries/attempt-summary.ts';
import { withCohortRates } from '../../progress/queries/class/cohort-rates.ts';
import { figureReceipts } from '../../progress/queries/figure-receipts.ts';
import { figureSettings } from '../../progress/queries/figure-settings.ts';
import { learnerAreas } from '../../progress/queries/learner-areas.ts';
import { toLearnerObject } from '../../progress/queries/learner-row.ts';
import { learnerSummary } from '../../progress/queries/learner-summary.ts';
import { learnerTimeline } from '../../progress/queries/learner-timeline.ts';
import { recentAttempts } from '../../progress/queries/recent-attempts.ts';
import { onSnapshot } from '../../progress/queries/snapshot.ts';
import { principalOf } from '../access.ts';
import type { App, HttpContext } from '../context.ts';
import { idParams } from '../contracts/common.ts';
import { seqCursor } from '../contracts/cursor.ts';
import {
  figureFilter,
  figureQuery,
  figureReceiptSchema,
  receiptsUrl,
  timeZoneOf,
  tzQuery,
} from '../contracts/figure.ts';
import { learnerProgressSchema } from '../contracts/learner.ts';
import { toFigureReceipt } from '../figure-receipt.ts';
import { decodeCursor, limitOf, pageOf, pageQuery, toPage } from '../pagination.ts';
import { visibleLearner } from './learners.ts';

export function learnerProgressRoutes(app: App, context: HttpContext): void {
  const { db } = context;

  app.get(
    '/api/v1/learners/:id/progress',
    {
      config: { access: ['admin', 'instructor', 'learner'] },
      schema: {
        tags: ['Progress'],
        summary: "A learner's figures, newest attempts, weak areas and days",
        description:
          'Counts and times are of everything that was completed, given up or begun within `from` and `to`. The retake policy ' +
          '(`attempts`, here `all` unless the workspace says otherwise) chooses what averages and weak areas are made of.',
        params: idParams,
        querystring: Type.Object({ ...figureQuery, tz: tzQuery }),
        response: { 200: learnerProgressSchema },
      },
    },
    async (request) => {
      const principal = principalOf(request);
      const { workspace } = principal;
      const { query } = request;
      const zone = timeZoneOf(query.tz);
      return await onSnapshot(db, async (tx) => {
        const learner = await visibleLearner(tx, principal, request.params.id);
        const settings = await figureSettings(tx, workspace);
        const filter = figureFilter(query, settings, settings.learnerPolicy);
        const tz = zone ?? settings.tz;
        const summary = await learnerSummary(tx, workspace, learner.id, filter);
        const { areas, ownRate } = await learnerAreas(tx, workspace, learner.id, filter);
        const about = { workspace, learnerId: learner.id, among: principal.cohorts, now: settings.asOf };
        const compared = await withCohortRates(tx, about, filter, areas);
        const { id, name, email, identities } = toLearnerObject(learner);
        return {
          learner: { id, name, email, identities },
          summary: {
            attemptsStarted: summary.attemptsStarted,
            attemptsCompleted: summary.attemptsCompleted,
            attemptsAbandoned: summary.attemptsAbandoned,
            averagePercentage: summary.averagePercentage,
            totalTimeSeconds: summary.totalTimeSeconds,
            timeKinds: summary.timeKinds,
            lastActivityAt: summary.lastActivityAt?.toISOString() ?? null,
          },
          recentAttempts: (await recentAttempts(tx, workspace, learner.id, filter)).map(toAttemptSummary),
          weakAreas: weakAreas(compared, ownRate),
          timeline: await learnerTimeline(tx, workspace, learner.id, filter, tz),
          basis: basisOf(summary, {
            attempts: filter.policy ?? filter.fallback,
            tz,
            asOf: settings.asOf,
            receipts: receiptsUrl(`${context.settings.publicUrl}/api/v1/learners/${id}`, filter),
          }),
        };
      });
    },
  );

  app.get(
    '/api/v1/learners/:id/receipts',
    {
      config: { access: ['admin', 'instructor', 'learner'] },
      schema: {
        tags: ['Progress'],
        summary: "The receipts that a learner's figures are made of, newest first",
        params: idParams,
        querystring: Type.Object({ ...pageQuery, ...figureQuery }),
        response: { 200: pageOf(figureReceiptSchema) },
      },
    },
    async (request) => {
      const principal = principalOf(request);
      const { query } = request;
      const limit = limitOf(query);
      const [after = null] = decodeCursor(seqCursor, query.cursor) ?? [];
      const learner = await visibleLearner(db, principal, request.params.id);
      const settings = await figureSettings(db, principal.workspace);
      const rows = await figureReceipts(
        db,
        principal.workspace,
        { learnerId: learner.id },
        figureFilter(query, settings, settings.learnerPolicy),
        { after, limit: limit + 1 },
      );
      return toPage(rows, limit, toFigureReceipt, (row) => [row.seq]);
    },
  );
}
