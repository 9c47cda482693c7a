/** The guide's progress route (seed 000), kept as it gives it. Its stream: students-stream.ts. */
import { Type } from 'typebox';
import { guideProgress } from '../../progress/queries/guide-progress.ts';
import { onSnapshot } from '../../progress/queries/snapshot.ts';
import { principalOf, requireLearner } from '../access.ts';
import type { App, HttpContext } from '../context.ts';
import { guideProgressSchema, studentParams, studentQuery } from '../contracts/student.ts';
import { findStudent } from '../find-student.ts';

export function studentsRoutes(app: App, context: HttpContext): void {
  app.get(
    '/api/students/:userId/progress',
    {
      config: { access: ['admin', 'instructor', 'learner'] },
      schema: {
        tags: ['Students'],
        summary: "A student's progress as the guide gives it",
        description:
          'All platforms of the student count. One who was not seen yet gets zeros and nulls. Every completed attempt counts; ' +
          'learners/{id}/progress knows ranges, retakes and more.',
        params: studentParams,
        querystring: Type.Object(studentQuery),
        response: { 200: guideProgressSchema },
      },
    },
    async (request) => {
      const principal = principalOf(request);
      return await onSnapshot(context.db, async (tx) => {
        const { learnerId } = await findStudent(tx, principal, request.params.userId, request.query.source);
        await requireLearner(tx, principal, learnerId);
        return await guideProgress(tx, principal.workspace, learnerId);
      });
    },
  );
}
