/** The guide's stream: one unnamed message per completed attempt of one learner, so that `onmessage` fires. */
import { Type } from 'typebox';
import { GradewireError } from '../../core/errors.ts';
import { publicId, type Uuid } from '../../core/ids.ts';
import type { Json } from '../../core/vocabulary.ts';
import type { Queryable } from '../../db/database.ts';
import { formatCursor } from '../../live/cursor.ts';
import type { FeedEvent } from '../../live/events.ts';
import { sseFrame } from '../../live/sse.ts';
import type { Selection } from '../../live/subscription.ts';
import { type GuideRow, guideRow } from '../../progress/figures/guide.ts';
import { guideSummary } from '../../progress/queries/guide-summary.ts';
import { principalOf, requireLearner } from '../access.ts';
import type { App, HttpContext, Principal } from '../context.ts';
import { studentParams, studentQuery } from '../contracts/student.ts';
import { findStudent } from '../find-student.ts';
import { visibleInStream } from '../visible-in-stream.ts';
import { openStream } from './live.ts';

export function studentsStreamRoutes(app: App, context: HttpContext): void {
  app.get(
    '/api/students/:userId/progress/stream',
    {
      config: { access: ['admin', 'instructor', 'learner'], ticket: 'students' },
      exposeHeadRoute: false,
      schema: {
        tags: ['Students'],
        summary: 'Completed attempts of one learner as they come in (server-sent events)',
        description:
          'One unnamed message per completed attempt: the new row of recentQuizzes with `summary` beside it. The stream stays ' +
          'open for a learner who was not seen yet.',
        params: studentParams,
        querystring: Type.Object({
          ...studentQuery,
          ticket: Type.Optional(
            Type.String({ maxLength: 200, description: 'From POST /api/v1/tickets, instead of a key.' }),
          ),
        }),
        produces: ['text/event-stream'],
      },
    },
    async (request, reply) => {
      const principal = principalOf(request);
      const { workspace } = principal;
      const { userId } = request.params;
      const found = await findStudent(context.db, principal, userId, request.query.source);
      await requireLearner(context.db, principal, found.learnerId);
      await requireTicketFor(context.db, principal, { userId, source: request.query.source, found: found.learnerId });
      let learnerId = found.learnerId;
      const visible = visibleInStream(context.live, principal, principal.cohorts);
      const selection: Selection = {
        ...visible.ready,
        wants(item) {
          if (item.type !== 'attempt.completed' || item.test || item.learnerId === null) return false;
          // Not seen when the stream was opened: the first completion of someone with this id says who it is.
          if (learnerId === null && bears(item, userId, found.sourceId)) learnerId = item.learnerId;
          return learnerId === item.learnerId && visible.may(item.learnerId);
        },
        narrow: () => ({ types: ['attempt.completed'], ...(learnerId === null ? {} : { learnerId }) }),
        render: (item) => render(context.db, workspace, item),
      };
      await openStream(context, request, reply, { selection });
    },
  );
}

/** Whether the event's learner is who the path names. */
function bears({ event }: FeedEvent, userId: string, sourceId: Uuid | null): boolean {
  if (event.learner === null) return false;
  if (event.learner.id === userId) return true;
  if (sourceId !== null && event.source?.id !== publicId('src', sourceId)) return false;
  return event.learner.identities.some(({ externalId }) => externalId === userId);
}

/** A ticket for one learner opens only that learner's stream, by whichever id it was asked for. */
async function requireTicketFor(
  db: Queryable,
  principal: Principal,
  asked: { userId: string; source: string | undefined; found: Uuid | null },
): Promise<void> {
  const limit = principal.ticket?.learner ?? null;
  if (limit === null || limit === asked.userId) return;
  // The ticket may name the learner otherwise than the path: both by what `source` says.
  if (asked.found !== null && (await findStudent(db, principal, limit, asked.source)).learnerId === asked.found) return;
  throw new GradewireError(
    'forbidden',
    'This ticket is for another learner. Ask POST /api/v1/tickets for one for this learner.',
  );
}

/** The message: the row as the attempt stood, the summary as it is now; none for a test person, who is in no figure. */
async function render(db: Queryable, workspace: number, item: FeedEvent): Promise<Buffer | null> {
  const row = rowOf(item);
  if (row === null || item.learnerId === null || (await isExcluded(db, workspace, item.learnerId))) return null;
  const summary = await guideSummary(db, workspace, item.learnerId);
  return sseFrame(formatCursor(item.seq), null, JSON.stringify({ ...row, summary }));
}

function rowOf({ event }: FeedEvent): GuideRow | null {
  const { attempt, activity } = event;
  if (attempt === null || activity === null) return null;
  const { completedAt } = attempt;
  return guideRow({
    activity,
    score: numberOf(attempt.score),
    totalQuestions: numberOf(attempt.totalQuestions),
    percentage: numberOf(attempt.percentage),
    timeSpentSeconds: numberOf(attempt.timeSpentSeconds),
    completedAt: typeof completedAt === 'string' ? completedAt : event.occurredAt,
  });
}

function numberOf(value: Json | undefined): number | null {
  return typeof value === 'number' ? value : null;
}

async function isExcluded(db: Queryable, workspace: number, learnerId: Uuid): Promise<boolean> {
  const rows = await db.query<{ excluded: boolean }>('SELECT excluded FROM learners WHERE workspace = $1 AND id = $2', [
    workspace,
    learnerId,
  ]);
  return rows[0]?.excluded ?? false;
}
