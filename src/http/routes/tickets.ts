/** Tickets for streams; see src/http/tickets.ts. */
import { Type } from 'typebox';
import { parsePublicId, publicId } from '../../core/ids.ts';
import { principalOf } from '../access.ts';
import type { App, HttpContext, Principal, TicketPurpose } from '../context.ts';
import { invalid, time } from '../contracts/common.ts';
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
              Type.String({
                minLength: 1,
                maxLength: 500,
                description: 'Only this learner: an id of ours; for `students` also the platform’s own.',
              }),
            ),
          },
          { additionalProperties: false },
        ),
        response: { 201: Type.Object({ ticket: Type.String(), expiresAt: time }) },
      },
    },
    async (request, reply) => {
      const principal = principalOf(request);
      const learner = limitOf(principal, request.body.for, request.body.learner);
      const { ticket, expiresAt } = await issueTicket(context.db, principal, request.body.for, learner);
      return reply.code(201).send({ ticket, expiresAt: expiresAt.toISOString() });
    },
  );
}

/** What the ticket is limited to. The key's own limit holds besides, at each use: a ticket never opens more than its key. */
function limitOf(principal: Principal, purpose: TicketPurpose, learner: string | undefined): string | null {
  const own = principal.learnerId === null ? null : publicId('lrn', principal.learnerId);
  if (learner === undefined) return own;
  if (purpose === 'live' && parsePublicId('lrn', learner) === null) {
    throw invalid(
      'body/learner',
      'This is no learner id. GET /api/v1/learners/lookup finds the one of a platform’s own id.',
    );
  }
  return learner;
}
