/** Learners who are likely the same person: suggested with the evidence, never merged by themselves. */
import { Type } from 'typebox';
import { GradewireError } from '../../core/errors.ts';
import { parsePublicId, publicId, type Uuid } from '../../core/ids.ts';
import { dismissSuggestion } from '../../people/dismiss-suggestion.ts';
import { listSuggestions } from '../../people/suggestions.ts';
import { toLearnerObject } from '../../progress/queries/learner-row.ts';
import { principalOf } from '../access.ts';
import type { App, HttpContext } from '../context.ts';
import { pairCursor } from '../contracts/cursor.ts';
import { suggestionParams, suggestionSchema } from '../contracts/people.ts';
import { decodeCursor, limitOf, pageOf, pageQuery, toPage } from '../pagination.ts';

const tags = ['Progress'];

export function suggestionsRoutes(app: App, { db }: HttpContext): void {
  app.get(
    '/api/v1/learners/suggestions',
    {
      config: { access: ['admin'] },
      schema: {
        tags,
        summary: 'Learners who are likely the same person, by the strongest evidence',
        description: 'Nobody is merged by itself: POST learners/{id}/merge does, and `dismiss` says that they are two.',
        querystring: Type.Object(pageQuery),
        response: { 200: pageOf(suggestionSchema) },
      },
    },
    async (request) => {
      const { workspace } = principalOf(request);
      const limit = limitOf(request.query);
      const after = decodeCursor(pairCursor, request.query.cursor);
      const rows = await listSuggestions(db, workspace, {
        after: after === null ? null : { tier: after[0], value: after[1], a: after[2], b: after[3] },
        limit: limit + 1,
      });
      return toPage(
        rows,
        limit,
        ({ a, b, evidence, score }) => ({
          id: suggestionId(a.id, b.id),
          learners: [toLearnerObject(a), toLearnerObject(b)] as [
            ReturnType<typeof toLearnerObject>,
            ReturnType<typeof toLearnerObject>,
          ],
          evidence,
          score,
        }),
        ({ place }) => [place.tier, place.value, place.a, place.b],
      );
    },
  );

  app.post(
    '/api/v1/learners/suggestions/:id/dismiss',
    {
      config: { access: ['admin'] },
      schema: {
        tags,
        summary: 'These two are not the same person',
        params: suggestionParams,
        response: { 204: Type.Null() },
      },
    },
    async (request, reply) => {
      const { workspace, name } = principalOf(request);
      const pair = pairOf(request.params.id);
      if (pair === null || !(await dismissSuggestion(db, workspace, { ...pair, by: name }))) {
        throw new GradewireError(
          'not_found',
          'No suggestion has this id. GET /api/v1/learners/suggestions lists them.',
        );
      }
      return reply.code(204).send(null);
    },
  );
}

/** A suggestion is the pair of its learners, so its id is theirs. */
function suggestionId(a: Uuid, b: Uuid): string {
  return `sug_${publicId('lrn', a).slice(4)}${publicId('lrn', b).slice(4)}`;
}

function pairOf(id: string): { a: Uuid; b: Uuid } | null {
  const parts = /^sug_([0-9a-f]{32})([0-9a-f]{32})$/.exec(id);
  const [a, b] = [1, 2].map((i) => parsePublicId('lrn', `lrn_${parts?.[i] ?? ''}`));
  return a && b && a < b ? { a, b } : null;
}
