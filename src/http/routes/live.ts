/** The live feed: every event as it happens, as server-sent events. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { parsePublicId, type Uuid } from '../../core/ids.ts';
import type { Selection } from '../../live/subscription.ts';
import { cohortScope, principalOf, requireLearner } from '../access.ts';
import type { App, HttpContext } from '../context.ts';
import { cohortQuery, filterId } from '../contracts/common.ts';
import { standing } from '../keyring.ts';
import { visibleInStream } from '../visible-in-stream.ts';

export function liveRoutes(app: App, context: HttpContext): void {
  // Open streams would keep the app from closing.
  app.addHook('preClose', () => context.live.close());
  app.get(
    '/api/v1/live',
    {
      config: { access: ['admin', 'instructor', 'integration', 'learner'], ticket: 'live' },
      // A stream has no end that a HEAD could tell of.
      exposeHeadRoute: false,
      schema: {
        tags: ['Live'],
        summary: 'Events as they happen (server-sent events)',
        description:
          '`id:` is a cursor, `event:` the event type, `data:` the event. Send the last `id:` as `Last-Event-ID` (EventSource ' +
          'does) or as `after`, and nothing is missed and nothing comes twice. `event: reset`: that cursor is too old; load ' +
          'what you show anew. A client that takes nothing for 10 s is cut and may resume.',
        querystring: Type.Object({
          learner: Type.Optional(Type.String({ description: 'Only events of this learner: a learner id.' })),
          activity: Type.Optional(Type.String({ description: 'Only events of this activity: an activity id.' })),
          ...cohortQuery,
          after: Type.Optional(
            Type.String({ maxLength: 100, description: 'Like Last-Event-ID, for a page’s first connection.' }),
          ),
          notices: Type.Optional(
            Type.Boolean({
              description:
                'Also messages without `id:` that are no events: `attention` (`{id, state}`), when a flag is raised, resolved or changed by a person.',
            }),
          ),
          ticket: Type.Optional(
            Type.String({ maxLength: 200, description: 'From POST /api/v1/tickets, instead of a key.' }),
          ),
        }),
        produces: ['text/event-stream'],
      },
    },
    async (request, reply) => {
      const principal = principalOf(request);
      const { query } = request;
      const learnerId = filterId('lrn', query.learner, 'query/learner');
      const activityId = filterId('act', query.activity, 'query/activity');
      const cohorts = cohortScope(principal, query.cohort);
      if (learnerId !== undefined) await requireLearner(context.db, principal, learnerId);
      const limit = principal.ticket?.learner ?? null;
      const ticketLearnerId = limit === null ? null : parsePublicId('lrn', limit);
      const only = learnerId ?? ticketLearnerId ?? principal.learnerId ?? undefined;
      const visible = visibleInStream(context.live, principal, cohorts);
      const selection: Selection = {
        ...visible.ready,
        wants(event) {
          if (!visible.may(event.learnerId)) return false;
          if (principal.role === 'learner' && event.type === 'learner.needs_attention') return false;
          if (limit !== null && event.learnerId !== ticketLearnerId) return false;
          if (learnerId !== undefined && event.learnerId !== learnerId) return false;
          return activityId === undefined || event.activityId === activityId;
        },
        async notices(notice) {
          // Flags are for those who teach, and only for readers who know that messages without an id are no events.
          if (query.notices !== true) return false;
          if (principal.role !== 'admin' && principal.role !== 'instructor') return false;
          if (notice === null) return true;
          if (only !== undefined && notice.learnerId !== only) return false;
          if (activityId !== undefined && notice.activityId !== activityId) return false;
          const visibleNow = visibleInStream(context.live, principal, cohorts);
          await visibleNow.ready.ready?.([notice]);
          return visibleNow.may(notice.learnerId);
        },
        narrow: () => ({ ...narrowed('learnerId', only), ...narrowed('activityId', activityId), cohorts }),
      };
      await openStream(context, request, reply, { selection, after: query.after });
    },
  );
}

function narrowed(name: 'learnerId' | 'activityId', id: Uuid | undefined): { learnerId?: Uuid; activityId?: Uuid } {
  return id === undefined ? {} : { [name]: id };
}

/**
 * Turns the answer into a stream, with the headers that hooks have set (CORS among them). Everything that can be refused
 * must have been refused before.
 */
export async function openStream(
  context: HttpContext,
  request: FastifyRequest,
  reply: FastifyReply,
  options: { selection: Selection; after?: string | undefined },
): Promise<void> {
  const principal = principalOf(request);
  const header = request.headers['last-event-id'];
  const last = Array.isArray(header) ? header[0] : header;
  const start = await context.live.prepare({
    workspace: principal.workspace,
    // An EventSource without an id sends no header; an empty one means the same.
    cursor: last || options.after || null,
    holder: { keyId: standing(principal), stillValid: () => context.keyring.stillValid(principal) },
    selection: options.selection,
  });
  const headers = reply.getHeaders();
  reply.hijack();
  start(reply.raw, headers);
}
