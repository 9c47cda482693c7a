/** Learners: listed, looked up, changed, and how far each has come. */
import { Type } from 'typebox';
import { GradewireError } from '../../core/errors.ts';
import { parsePublicId, type Uuid } from '../../core/ids.ts';
import type { Queryable } from '../../db/database.ts';
import { shareRebuildLock } from '../../normalise/queue/rebuild-lock.ts';
import { findLearnersByEmail, findLearnersByExternalId } from '../../progress/queries/find-learners.ts';
import { getLearner } from '../../progress/queries/get-learner.ts';
import { type LearnerRow, toLearnerObject } from '../../progress/queries/learner-row.ts';
import { listLearners } from '../../progress/queries/list-learners.ts';
import { patchLearner } from '../../progress/queries/patch-learner.ts';
import { cohortScope, principalOf, requireLearner, visibleLearners } from '../access.ts';
import type { App, HttpContext, Principal } from '../context.ts';
import { idParams, invalid, uuidOf } from '../contracts/common.ts';
import {
  learnerPatch,
  learnerSchema,
  learnersCursor,
  learnersQuery,
  listedLearnerSchema,
  lookupQuery,
} from '../contracts/learner.ts';
import { decodeCursor, limitOf, pageOf, pageQuery, toPage } from '../pagination.ts';
import { sourceFilter } from '../source-filter.ts';

const tags = ['Progress'];

export function learnersRoutes(app: App, context: HttpContext): void {
  const { db } = context;

  app.get(
    '/api/v1/learners',
    {
      config: { access: ['admin', 'instructor', 'learner'] },
      schema: {
        tags,
        summary: 'List learners, newest first unless sorted otherwise',
        querystring: Type.Object({ ...pageQuery, ...learnersQuery }),
        response: { 200: pageOf(listedLearnerSchema) },
      },
    },
    async (request) => {
      const { query } = request;
      const principal = principalOf(request);
      const limit = limitOf(query);
      const { sort = 'created' } = query;
      const after = decodeCursor(learnersCursor(sort), query.cursor);
      const cohorts = cohortScope(principal, query.cohort);
      const named = parsePublicId('lrn', query.search ?? '');
      const only = principal.learnerId ?? named ?? undefined;
      if (named !== null && named !== only) return { data: [], nextCursor: null };
      const rows = await listLearners(
        db,
        principal.workspace,
        { search: named === null ? query.search : undefined, only, cohorts },
        {
          sort,
          descending: (query.order ?? (sort === 'name' ? 'asc' : 'desc')) === 'desc',
          after: after === null ? null : { rest: after[0] === 1, key: after[1], id: after[2] },
          limit: limit + 1,
        },
      );
      return toPage(
        rows,
        limit,
        (row) => ({
          ...toLearnerObject(row, principal.cohorts),
          started: row.started,
          attemptsCompleted: row.attempts_completed,
          averagePercentage: row.average_percentage,
          lastActivityAt: row.last_activity_at?.toISOString() ?? null,
        }),
        ({ place }) => [place.rest ? 1 : 0, place.key, place.id],
      );
    },
  );

  app.get(
    '/api/v1/learners/lookup',
    {
      config: { access: ['admin', 'instructor', 'learner'] },
      schema: {
        tags,
        summary: 'Find the one learner whom others call so',
        description: 'By `externalId`, with `provider` and `source` where it alone does not say; or by `email`.',
        querystring: Type.Object(lookupQuery),
        response: { 200: learnerSchema },
      },
    },
    async (request) => {
      const principal = principalOf(request);
      const ids = await lookUp(db, principal, request.query);
      // Whoever sees some learners only can mean nobody else.
      const visible = await visibleLearners(db, principal, ids);
      if (visible.length > 1) {
        throw new GradewireError(
          'ambiguous_learner',
          'More than one learner fits. Say which with `provider` and `source`, or use the learner id.',
        );
      }
      const [id = null] = visible;
      if (id === null) await requireLearner(db, principal, null);
      const learner = id === null ? null : await getLearner(db, principal.workspace, id);
      if (learner === null)
        throw new GradewireError('not_found', 'No learner fits. Check the id and where it is from.');
      return toLearnerObject(learner, principal.cohorts);
    },
  );

  app.get(
    '/api/v1/learners/:id',
    {
      config: { access: ['admin', 'instructor', 'learner'] },
      schema: { tags, summary: 'One learner', params: idParams, response: { 200: learnerSchema } },
    },
    async (request) => {
      const principal = principalOf(request);
      return toLearnerObject(await visibleLearner(db, principal, request.params.id), principal.cohorts);
    },
  );

  app.patch(
    '/api/v1/learners/:id',
    {
      config: { access: ['admin'] },
      schema: {
        tags,
        summary: 'Change a name or an e-mail, or take a test person out of every figure',
        params: idParams,
        body: learnerPatch,
        response: { 200: learnerSchema },
      },
    },
    async (request) => {
      const { workspace } = principalOf(request);
      const id = uuidOf('lrn', request.params.id);
      const known = await db.transaction(async (tx) => {
        await shareRebuildLock(tx, workspace);
        return await patchLearner(tx, workspace, id, request.body);
      });
      if (!known) throw noSuchLearner();
      return toLearnerObject(await visibleLearner(db, principalOf(request), request.params.id));
    },
  );
}

/** The learner of a path, if the principal may see that one; 404 where there is none. */
export async function visibleLearner(db: Queryable, principal: Principal, id: string): Promise<LearnerRow> {
  const uuid = parsePublicId('lrn', id);
  await requireLearner(db, principal, uuid);
  const learner = uuid === null ? null : await getLearner(db, principal.workspace, uuid);
  if (learner === null) throw noSuchLearner();
  return learner;
}

function noSuchLearner(): GradewireError {
  return new GradewireError(
    'not_found',
    "No learner has this id. GET /api/v1/learners lists them; learners/lookup finds one by a platform's id.",
  );
}

async function lookUp(
  db: Queryable,
  { workspace, learnerId }: Principal,
  query: {
    externalId?: string;
    provider?: LearnerRow['identities'][number]['provider'];
    source?: string;
    email?: string;
  },
): Promise<Uuid[]> {
  const { externalId, email } = query;
  if ((externalId === undefined) === (email === undefined)) {
    throw invalid('query', "Say either `externalId` (the platform's id of the person) or `email`.");
  }
  if (email !== undefined) return await findLearnersByEmail(db, workspace, email);
  return await findLearnersByExternalId(db, workspace, {
    externalId: externalId ?? '',
    provider: query.provider,
    sourceId: await sourceFilter(db, workspace, query.source),
    only: learnerId ?? undefined,
  });
}
