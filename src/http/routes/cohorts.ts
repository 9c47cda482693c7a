/** Cohorts (classes): made, listed, changed, removed. Their members: cohort-members.ts. */
import { type Static, Type } from 'typebox';
import { type CohortRow, getCohort, listCohorts } from '../../cohorts/cohort-row.ts';
import { previewRule } from '../../cohorts/preview-rule.ts';
import type { CohortRule } from '../../cohorts/rule.ts';
import { createCohort, deleteCohort, patchCohort } from '../../cohorts/write-cohort.ts';
import { GradewireError } from '../../core/errors.ts';
import { parsePublicId, publicId } from '../../core/ids.ts';
import type { Queryable } from '../../db/database.ts';
import { getActivity } from '../../progress/queries/get-activity.ts';
import { principalOf, requireCohort } from '../access.ts';
import type { App, HttpContext, Principal } from '../context.ts';
import {
  cohortBody,
  cohortPatch,
  cohortSchema,
  cohortsQuery,
  previewBody,
  previewSchema,
  type ruleSchema,
} from '../contracts/cohort.ts';
import { idParams, invalid } from '../contracts/common.ts';
import { textCursor } from '../contracts/cursor.ts';
import { decodeCursor, limitOf, pageOf, pageQuery, toPage } from '../pagination.ts';

const tags = ['Cohorts'];

export function cohortsRoutes(app: App, context: HttpContext): void {
  const { db } = context;

  app.get(
    '/api/v1/cohorts',
    {
      config: { access: ['admin', 'instructor'] },
      schema: {
        tags,
        summary: 'List cohorts by name',
        description: 'An instructor limited to cohorts sees those only.',
        querystring: Type.Object({ ...pageQuery, ...cohortsQuery }),
        response: { 200: pageOf(cohortSchema) },
      },
    },
    async (request) => {
      const { query } = request;
      const principal = principalOf(request);
      const limit = limitOf(query);
      const after = decodeCursor(textCursor, query.cursor);
      const filter = { search: query.search, only: principal.cohorts };
      const rows = await listCohorts(db, principal.workspace, filter, { after, limit: limit + 1 });
      return toPage(rows, limit, toCohort, (row) => [row.sort_name, row.id]);
    },
  );

  app.post(
    '/api/v1/cohorts',
    {
      config: { access: ['admin'] },
      schema: {
        tags,
        summary: 'Make a cohort',
        description: 'With a rule it is filled at once, and kept filled as webhooks come in.',
        body: cohortBody,
        response: { 201: cohortSchema },
      },
    },
    async (request, reply) => {
      const { workspace } = principalOf(request);
      const { name, description = null, rule = null } = request.body;
      const id = await createCohort(db, workspace, {
        name: nameOf(name),
        description,
        rule: rule === null ? null : await storedRule(db, workspace, rule),
      });
      return reply.code(201).send(toCohort(found(await getCohort(db, workspace, id))));
    },
  );

  app.post(
    '/api/v1/cohorts/preview',
    {
      config: { access: ['admin'] },
      schema: {
        tags,
        summary: 'Whom a rule fits, before it is set',
        body: previewBody,
        response: { 200: previewSchema },
      },
    },
    async (request) => {
      const { workspace } = principalOf(request);
      const { count, sample } = await previewRule(db, workspace, await storedRule(db, workspace, request.body.rule));
      return { count, sample: sample.map(({ id, name }) => ({ id: publicId('lrn', id), name })) };
    },
  );

  app.get(
    '/api/v1/cohorts/:id',
    {
      config: { access: ['admin', 'instructor'] },
      schema: { tags, summary: 'One cohort', params: idParams, response: { 200: cohortSchema } },
    },
    async (request) => toCohort(await visibleCohort(db, principalOf(request), request.params.id)),
  );

  app.patch(
    '/api/v1/cohorts/:id',
    {
      config: { access: ['admin'] },
      schema: {
        tags,
        summary: 'Rename a cohort, or change its rule',
        description: 'A changed rule acts at once. Who was put in by hand or by list stays.',
        params: idParams,
        body: cohortPatch,
        response: { 200: cohortSchema },
      },
    },
    async (request) => {
      const principal = principalOf(request);
      const { workspace } = principal;
      const { id } = await visibleCohort(db, principal, request.params.id);
      const { rule, name, ...rest } = request.body;
      const stored = rule === undefined || rule === null ? rule : await storedRule(db, workspace, rule);
      const changed = await patchCohort(db, workspace, id, {
        ...rest,
        ...(name === undefined ? {} : { name: nameOf(name) }),
        ...(stored === undefined ? {} : { rule: stored }),
      });
      if (!changed) throw noSuchCohort();
      return toCohort(found(await getCohort(db, workspace, id)));
    },
  );

  app.delete(
    '/api/v1/cohorts/:id',
    {
      config: { access: ['admin'] },
      schema: {
        tags,
        summary: 'Remove a cohort',
        description: 'Its learners stay. Keys and members that are limited to it alone see nobody from then on.',
        params: idParams,
        response: { 204: Type.Null() },
      },
    },
    async (request, reply) => {
      const principal = principalOf(request);
      const { id } = await visibleCohort(db, principal, request.params.id);
      if (!(await deleteCohort(db, principal.workspace, id))) throw noSuchCohort();
      return reply.code(204).send(null);
    },
  );
}

/** The cohort of a path; 403 for one that an instructor of others asks for, 404 where there is none. */
export async function visibleCohort(db: Queryable, principal: Principal, id: string): Promise<CohortRow> {
  const uuid = parsePublicId('coh', id);
  if (uuid === null) throw noSuchCohort();
  requireCohort(principal, uuid);
  return found(await getCohort(db, principal.workspace, uuid));
}

function found(row: CohortRow | null): CohortRow {
  if (row !== null) return row;
  throw noSuchCohort();
}

function noSuchCohort(): GradewireError {
  return new GradewireError('not_found', 'No cohort has this id. GET /api/v1/cohorts lists them.');
}

function nameOf(told: string): string {
  const name = told.trim();
  if (name !== '') return name;
  throw invalid('body/name', 'A cohort needs a name that can be seen. Give one.');
}

/** The rule with ids as they are stored; 400 where an activity is none. */
async function storedRule(db: Queryable, workspace: number, rule: Static<typeof ruleSchema>): Promise<CohortRule> {
  const any: CohortRule['any'] = [];
  for (const [i, condition] of rule.any.entries()) {
    if (condition.kind !== 'activity') {
      any.push(condition);
      continue;
    }
    const id = parsePublicId('act', condition.activity);
    if (id === null || (await getActivity(db, workspace, id)) === null)
      throw invalid(`body/rule/any/${i}/activity`, 'No activity has this id. GET /api/v1/activities lists them.');
    any.push({ kind: 'activity', activity: id });
  }
  return { any };
}

function toCohort(row: CohortRow): Static<typeof cohortSchema> {
  return {
    id: publicId('coh', row.id),
    name: row.name,
    description: row.description,
    rule: row.rule === null ? null : shownRule(row.rule),
    members: row.members,
    createdAt: row.created_at.toISOString(),
  };
}

function shownRule(rule: CohortRule): Static<typeof ruleSchema> {
  return {
    any: rule.any.map((condition) =>
      condition.kind === 'activity' ? { ...condition, activity: publicId('act', condition.activity) } : condition,
    ),
  };
}
