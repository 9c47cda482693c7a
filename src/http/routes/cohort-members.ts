/** Who is in a cohort: listed, put in by hand or by list, taken out. */
import { Type } from 'typebox';
import { addMembers, learnersOfLines, removeMember } from '../../cohorts/change-members.ts';
import { listMembers } from '../../cohorts/list-members.ts';
import { GradewireError } from '../../core/errors.ts';
import { parsePublicId, publicId } from '../../core/ids.ts';
import { containing } from '../../progress/queries/like.ts';
import { principalOf } from '../access.ts';
import type { App, HttpContext } from '../context.ts';
import { addedMembersSchema, addMembersBody, cohortMembersQuery, memberSchema } from '../contracts/cohort.ts';
import { idParams } from '../contracts/common.ts';
import { textCursor } from '../contracts/cursor.ts';
import { decodeCursor, limitOf, pageOf, pageQuery, toPage } from '../pagination.ts';
import { visibleCohort } from './cohorts.ts';

const tags = ['Cohorts'];

export function cohortMembersRoutes(app: App, context: HttpContext): void {
  const { db } = context;

  app.get(
    '/api/v1/cohorts/:id/members',
    {
      config: { access: ['admin', 'instructor'] },
      schema: {
        tags,
        summary: 'List the learners in a cohort by name',
        params: idParams,
        querystring: Type.Object({ ...pageQuery, ...cohortMembersQuery }),
        response: { 200: pageOf(memberSchema) },
      },
    },
    async (request) => {
      const { query } = request;
      const principal = principalOf(request);
      const limit = limitOf(query);
      const after = decodeCursor(textCursor, query.cursor);
      const cohort = await visibleCohort(db, principal, request.params.id);
      const search = query.search === undefined ? null : containing(query.search);
      const rows = await listMembers(db, principal.workspace, cohort.id, search, { after, limit: limit + 1 });
      return toPage(
        rows,
        limit,
        (row) => ({
          learner: { id: publicId('lrn', row.learner_id), name: row.name, email: row.email },
          origin: row.origin,
          addedAt: row.added_at.toISOString(),
        }),
        (row) => [row.sort_name, row.learner_id],
      );
    },
  );

  app.post(
    '/api/v1/cohorts/:id/members',
    {
      config: { access: ['admin'] },
      schema: {
        tags,
        summary: 'Put learners into a cohort',
        description: 'By their ids, or by a list with one a line: an e-mail, an external id or a learner id.',
        params: idParams,
        body: addMembersBody,
        response: { 200: addedMembersSchema },
      },
    },
    async (request) => {
      const principal = principalOf(request);
      const { workspace } = principal;
      const cohort = await visibleCohort(db, principal, request.params.id);
      const picked = request.body.learners ?? [];
      const lines = [...new Set((request.body.list ?? '').split(/\r\n|\r|\n/).map((line) => line.trim()))];
      return await db.transaction(async (tx) => {
        const byHand = await learnersOfLines(
          tx,
          workspace,
          picked.filter((id) => parsePublicId('lrn', id) !== null),
        );
        const byList = await learnersOfLines(
          tx,
          workspace,
          lines.filter((line) => line !== ''),
        );
        const listed = byList.ids.filter((id) => !byHand.ids.includes(id));
        const added =
          (await addMembers(tx, workspace, cohort.id, byHand.ids, 'hand')) +
          (await addMembers(tx, workspace, cohort.id, listed, 'list'));
        return {
          added,
          already: byHand.ids.length + listed.length - added,
          unknown: [...picked.filter((id) => parsePublicId('lrn', id) === null), ...byHand.unknown, ...byList.unknown],
        };
      });
    },
  );

  app.delete(
    '/api/v1/cohorts/:id/members/:learnerId',
    {
      config: { access: ['admin'] },
      schema: {
        tags,
        summary: 'Take a learner out of a cohort',
        description: 'Its rule does not bring them back; putting them in by hand does.',
        params: Type.Object({ ...idParams.properties, learnerId: Type.String({ maxLength: 200 }) }),
        response: { 204: Type.Null() },
      },
    },
    async (request, reply) => {
      const principal = principalOf(request);
      const cohort = await visibleCohort(db, principal, request.params.id);
      const learner = parsePublicId('lrn', request.params.learnerId);
      const gone =
        learner !== null && (await db.transaction((tx) => removeMember(tx, principal.workspace, cohort.id, learner)));
      if (!gone)
        throw new GradewireError('not_found', 'This learner is not in the cohort. GET its members for who is.');
      return reply.code(204).send(null);
    },
  );
}
