/** Tickets for streams; see src/http/tickets.ts. */
import { Type } from 'typebox';
import { GradewireError } from '../../core/errors.ts';
import { parsePublicId, publicId, type Uuid } from '../../core/ids.ts';
import type { Queryable } from '../../db/database.ts';
import { principalOf, requireLearner } from '../access.ts';
import type { App, HttpContext, Principal, TicketPurpose } from '../context.ts';
import { invalid, nullable, time } from '../contracts/common.ts';
import { findStudent } from '../find-student.ts';
import { issueTicket } from '../tickets.ts';

export function ticketsRoutes(app: App, context: HttpContext): void {
  app.post(
    '/api/v1/tickets',
    {
      config: { access: ['admin', 'instructor', 'integration', 'learner'] },
      schema: {
        tags: ['Live'],
        summary: 'Issue a ticket that opens a stream from a page',
        description:
          'For EventSource, which cannot send a header: append `?ticket=` to the URL of the stream. It holds 60 s until ' +
          'its first use, then 12 h for the reconnects of that stream, and ends with the key that issued it.',
        body: Type.Object(
          {
            for: Type.Enum(['live', 'students'], {
              description: '`live` for /api/v1/live, `students` for /api/students/{userId}/progress/stream.',
            }),
            learner: Type.Optional(
              nullable(
                Type.String({
                  minLength: 1,
                  maxLength: 500,
                  description: 'Only this learner: an id of ours; for `students` also the platform’s own.',
                }),
              ),
            ),
          },
          { additionalProperties: false },
        ),
        response: { 201: Type.Object({ ticket: Type.String(), expiresAt: time }) },
      },
    },
    async (request, reply) => {
      const principal = principalOf(request);
      const learner = await limitOf(context.db, principal, request.body.for, request.body.learner ?? undefined);
      const { ticket, expiresAt } = await issueTicket(context.db, principal, request.body.for, learner);
      return reply.code(201).send({ ticket, expiresAt: expiresAt.toISOString() });
    },
  );
}

/**
 * What the ticket is limited to. Refuses what its stream would refuse anyway: a page told at once is easier to mend than an
 * EventSource that does not open. The key's own limit holds besides, at each use: a ticket never opens more than its key.
 */
async function limitOf(
  db: Queryable,
  principal: Principal,
  purpose: TicketPurpose,
  learner: string | undefined,
): Promise<string | null> {
  if (purpose === 'students' && principal.role === 'integration') {
    throw new GradewireError(
      'forbidden',
      'A key with the role integration may not open the students stream. Ask for a ticket for `live`, or use another key.',
    );
  }
  const own = principal.learnerId === null ? null : publicId('lrn', principal.learnerId);
  if (learner === undefined) return own;
  const id = parsePublicId('lrn', learner);
  if (purpose === 'live' && id === null) {
    throw invalid(
      'body/learner',
      'This is no learner id. GET /api/v1/learners/lookup finds the one of a platform’s own id.',
    );
  }
  await requireVisible(db, principal, learner, id);
  return learner;
}

/** 403 for a learner the principal may not see. Whoever sees everyone may also ask for one who was not seen yet. */
async function requireVisible(db: Queryable, principal: Principal, learner: string, id: Uuid | null): Promise<void> {
  if (principal.learnerId === null && principal.cohorts === null) return;
  if (id !== null) await requireLearner(db, principal, id);
  else await requireLearner(db, principal, (await findStudent(db, principal, learner, undefined)).learnerId);
}
