/** The feed as a list: oldest first, and always with a cursor to ask on from. */
import { Type } from 'typebox';
import { EVENT_TYPES, type EventType } from '../../core/vocabulary.ts';
import { feedStart } from '../../live/bounds.ts';
import { formatCursor, parseCursor } from '../../live/cursor.ts';
import { type EventObject, readEvents } from '../../live/events.ts';
import { cohortScope, principalOf, requireLearner } from '../access.ts';
import type { App, HttpContext } from '../context.ts';
import { cohortQuery, filterId, invalid } from '../contracts/common.ts';
import { eventSchema } from '../contracts/event.ts';
import { limitOf, pageQuery } from '../pagination.ts';

export function eventsRoutes(app: App, context: HttpContext): void {
  app.get(
    '/api/v1/events',
    {
      config: { access: ['admin', 'instructor', 'integration'], keepsToLearner: true },
      schema: {
        tags: ['Events'],
        summary: 'Events in the order of the feed, oldest first',
        description:
          'Ask with `after` set to the `nextCursor` of the answer before; it is always there, so a reader at the end asks ' +
          'again with the same one. None is missed and none comes twice.',
        querystring: Type.Object({
          ...pageQuery,
          after: Type.Optional(
            Type.String({
              maxLength: 100,
              description: '`nextCursor` of an answer before, or an `id:` of the live stream.',
            }),
          ),
          type: Type.Optional(
            Type.Union([Type.String(), Type.Array(Type.String())], {
              description: 'Only these types: several parameters, or one with commas.',
            }),
          ),
          learner: Type.Optional(Type.String({ description: 'Only events of this learner: a learner id.' })),
          latest: Type.Optional(
            Type.Integer({
              minimum: 1,
              maximum: 200,
              description:
                'The newest so many, oldest first among them, instead of those after a position: where a page begins.',
            }),
          ),
          ...cohortQuery,
        }),
        response: {
          200: Type.Object({
            data: Type.Array(Type.Unsafe<EventObject>(eventSchema)),
            nextCursor: Type.String({ description: 'Where to ask on from; never null.' }),
          }),
        },
      },
    },
    async (request) => {
      const { query } = request;
      const after = positionOf(query.after, 'query/after') ?? positionOf(query.cursor, 'query/cursor') ?? 0;
      const principal = principalOf(request);
      const { workspace } = principal;
      const limit = query.latest ?? limitOf(query);
      const types = typesOf(query.type);
      const asked = filterId('lrn', query.learner, 'query/learner');
      if (asked !== undefined) await requireLearner(context.db, principal, asked);
      const cohorts = cohortScope(principal, query.cohort);
      const learnerId = asked ?? principal.learnerId ?? undefined;
      // Before the page: everything up to this end is readable, so a page that is not full has all up to there that fits.
      const filtered = types !== undefined || learnerId !== undefined || cohorts !== null;
      const end = filtered ? (await feedStart(context.db, workspace, null)).end : 0;
      const newest = query.latest !== undefined;
      const events = await readEvents(context.db, { workspace, after, types, learnerId, cohorts, newest, limit });
      const last = events.at(-1)?.seq ?? after;
      return {
        data: events.map(({ event }) => event),
        // Else whoever waits for a rare type would read all the others again each time.
        nextCursor: formatCursor(events.length < limit ? Math.max(last, end) : last),
      };
    },
  );
}

function positionOf(cursor: string | undefined, path: string): number | null {
  if (cursor === undefined) return null;
  const seq = parseCursor(cursor);
  if (seq !== null) return seq;
  throw invalid(path, 'This is no cursor of the feed. Use `nextCursor` of an answer before, unchanged.');
}

function typesOf(told: string | string[] | undefined): EventType[] | undefined {
  if (told === undefined) return undefined;
  return [told]
    .flat()
    .flatMap((text) => text.split(','))
    .map((name) => {
      const type = EVENT_TYPES.find((known) => known === name.trim());
      if (type !== undefined) return type;
      throw invalid(
        'query/type',
        `There is no event type ${JSON.stringify(name)}. GET /api/v1/event-types lists them.`,
      );
    });
}
