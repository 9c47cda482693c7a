/** One person under several identities: merged by somebody's decision, and taken apart again. */
import { parsePublicId, publicId, type Uuid } from '../../core/ids.ts';
import { mergeLearners } from '../../people/merge-learners.ts';
import { unmergeLearner } from '../../people/unmerge-learner.ts';
import { toLearnerObject } from '../../progress/queries/learner-row.ts';
import { principalOf } from '../access.ts';
import type { App, HttpContext } from '../context.ts';
import { idParams, invalid, uuidOf } from '../contracts/common.ts';
import { learnerSchema } from '../contracts/learner.ts';
import { mergeBody, unmergeBody, unmergedSchema } from '../contracts/people.ts';
import { visibleLearner } from './learners.ts';

const tags = ['Progress'];

export function mergeRoutes(app: App, { db }: HttpContext): void {
  app.post(
    '/api/v1/learners/:id/merge',
    {
      config: { access: ['admin'] },
      schema: {
        tags,
        summary: 'This learner is the same person as another',
        description:
          'Everything of this learner shows on the page of `into`, also what comes in later, and this id answers with the one ' +
          'kept. It can be taken back by `unmerge`. Nothing is sent to endpoints.',
        params: idParams,
        body: mergeBody,
        response: { 200: learnerSchema },
      },
    },
    async (request) => {
      const principal = principalOf(request);
      const id = uuidOf('lrn', request.params.id);
      const into = learnerOf(request.body.into, 'body/into');
      const kept = await mergeLearners(db, principal.workspace, { id, into, by: principal.name });
      return toLearnerObject(await visibleLearner(db, principal, publicId('lrn', kept)));
    },
  );

  app.post(
    '/api/v1/learners/:id/unmerge',
    {
      config: { access: ['admin'], mergedIds: 'asTold' },
      schema: {
        tags,
        summary: 'They are two persons after all',
        description:
          'Of the learner kept or of the one merged. Everything is where it would be without the merge, what came in ' +
          'meanwhile too.',
        params: idParams,
        body: unmergeBody,
        response: { 200: unmergedSchema },
      },
    },
    async (request) => {
      const principal = principalOf(request);
      const named = request.body?.learner;
      const { kept, restored } = await unmergeLearner(db, principal.workspace, {
        id: uuidOf('lrn', request.params.id),
        learner: named === undefined ? null : learnerOf(named, 'body/learner'),
      });
      const shown = async (uuid: Uuid) => toLearnerObject(await visibleLearner(db, principal, publicId('lrn', uuid)));
      return { kept: await shown(kept), restored: await shown(restored) };
    },
  );
}

function learnerOf(id: string, path: string): Uuid {
  const uuid = parsePublicId('lrn', id);
  if (uuid === null) throw invalid(path, 'This is no learner id: those begin with lrn_. Copy it from a list.');
  return uuid;
}
