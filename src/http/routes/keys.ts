/** API keys: made, listed by their first characters, removed. */
import { type Static, Type } from 'typebox';
import { GradewireError } from '../../core/errors.ts';
import { parsePublicId, type Uuid } from '../../core/ids.ts';
import { principalOf } from '../access.ts';
import { createApiKey, hasLearner, listApiKeys, removeApiKey, shownApiKey } from '../api-keys.ts';
import type { App, HttpContext } from '../context.ts';
import { idParams, instantOf, invalid, uuidOf } from '../contracts/common.ts';
import { timeCursor } from '../contracts/cursor.ts';
import { keyBody, keySchema, newKeySchema } from '../contracts/keys.ts';
import { existingCohorts } from '../existing-cohorts.ts';
import { decodeCursor, limitOf, pageOf, pageQuery, toPage } from '../pagination.ts';

export function keysRoutes(app: App, context: HttpContext): void {
  const { db, keyring } = context;
  const tags = ['Keys'];

  app.post(
    '/api/v1/keys',
    {
      config: { access: ['admin'] },
      schema: {
        tags,
        summary: 'Make an API key',
        description: 'The key is in the answer this once; only its SHA-256 is stored.',
        body: keyBody,
        response: { 201: newKeySchema },
      },
    },
    async (request, reply) => {
      const { workspace } = principalOf(request);
      const { name, role, expiresAt } = request.body;
      const learnerId = await learnerOf(context, workspace, request.body);
      const cohorts = await cohortsOf(context, workspace, request.body);
      const expires = instantOf(expiresAt ?? undefined, 'body/expiresAt');
      if (expires !== null && Date.parse(expires) <= Date.now()) {
        throw invalid('body/expiresAt', 'This time is past, so the key would never hold. Give one that is to come.');
      }
      const { row, key } = await createApiKey(db, workspace, { name, role, learnerId, cohorts, expiresAt: expires });
      return reply.code(201).send({ ...shownApiKey(row), key });
    },
  );

  app.get(
    '/api/v1/keys',
    {
      config: { access: ['admin'] },
      schema: {
        tags,
        summary: 'List the API keys',
        querystring: Type.Object(pageQuery),
        response: { 200: pageOf(keySchema) },
      },
    },
    async (request) => {
      const limit = limitOf(request.query);
      const after = decodeCursor(timeCursor, request.query.cursor);
      const rows = await listApiKeys(db, principalOf(request).workspace, { after: after ?? null, limit: limit + 1 });
      return toPage(rows, limit, shownApiKey, (row) => [row.created_micros, row.id]);
    },
  );

  app.delete(
    '/api/v1/keys/:id',
    {
      config: { access: ['admin'] },
      schema: {
        tags,
        summary: 'Revoke an API key',
        description: 'It no longer holds anywhere after 5 seconds at most; tickets it issued end with it.',
        params: idParams,
        response: { 204: Type.Null() },
      },
    },
    async (request, reply) => {
      const id = uuidOf('key', request.params.id);
      if (!(await removeApiKey(db, principalOf(request).workspace, id)))
        throw new GradewireError('not_found', 'No API key has this id. GET /api/v1/keys lists them.');
      keyring.forget(id);
      return reply.code(204).send(null);
    },
  );
}

/** The learner a key is limited to, checked; required for the role learner. */
async function learnerOf(context: HttpContext, workspace: number, body: Static<typeof keyBody>): Promise<Uuid | null> {
  const { learner = null } = body;
  if (learner === null) {
    if (body.role !== 'learner') return null;
    throw invalid('body/learner', 'A key with the role learner needs the learner it is limited to. Give a learner id.');
  }
  const id = parsePublicId('lrn', learner);
  if (id === null || !(await hasLearner(context.db, workspace, id)))
    throw invalid('body/learner', 'No learner has this id. GET /api/v1/learners lists them.');
  return id;
}

/** The cohorts a key is limited to, checked: a key that is limited to nobody looks like a fault. */
async function cohortsOf(
  context: HttpContext,
  workspace: number,
  body: Static<typeof keyBody>,
): Promise<Uuid[] | null> {
  if (body.cohorts === undefined || body.cohorts === null) return null;
  if (body.role !== 'instructor') {
    throw invalid(
      'body/cohorts',
      'Only a key with the role instructor is limited to cohorts. Leave this out, or use that role.',
    );
  }
  return await existingCohorts(context.db, workspace, body.cohorts, 'body/cohorts');
}
