/** API keys: made, listed by their first characters, removed. */
import { type Static, Type } from 'typebox';
import { GradewireError } from '../../core/errors.ts';
import { newUuid, parsePublicId, publicId, type Uuid } from '../../core/ids.ts';
import { microsOf, timeOfMicros } from '../../progress/queries/keyset.ts';
import { principalOf } from '../access.ts';
import type { App, HttpContext, Role } from '../context.ts';
import { idParams, instantOf, invalid, uuidOf } from '../contracts/common.ts';
import { timeCursor } from '../contracts/cursor.ts';
import { keyBody, keySchema, newKeySchema } from '../contracts/keys.ts';
import { hashKey, newKey } from '../keyring.ts';
import { decodeCursor, limitOf, pageOf, pageQuery, toPage } from '../pagination.ts';

interface KeyRow {
  id: Uuid;
  name: string;
  role: Role;
  hint: string;
  learner_id: Uuid | null;
  cohorts: Uuid[] | null;
  expires_at: Date | null;
  created_at: Date;
  last_used_at: Date | null;
  created_micros: number;
}

const COLUMNS = `id, name, role, hint, learner_id, cohorts, expires_at, created_at, last_used_at,
  ${microsOf('created_at')} AS created_micros`;

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
      const cohorts = cohortsOf(request.body);
      const expires = instantOf(expiresAt, 'body/expiresAt');
      if (expires !== null && Date.parse(expires) <= Date.now()) {
        throw invalid('body/expiresAt', 'This time is past, so the key would never hold. Give one that is to come.');
      }
      const { key, hint } = newKey();
      const rows = await db.query<KeyRow>(
        `INSERT INTO api_keys (id, workspace, name, hash, hint, role, learner_id, cohorts, expires_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) RETURNING ${COLUMNS}`,
        [newUuid(), workspace, name, hashKey(key), hint, role, learnerId, cohorts, expires],
      );
      const [row] = rows;
      if (row === undefined) throw new Error('The key was not stored, though the database said it was.');
      return reply.code(201).send({ ...toKey(row), key });
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
      const rows = await db.query<KeyRow>(
        `SELECT ${COLUMNS} FROM api_keys
         WHERE workspace = $1 AND ($2::bigint IS NULL OR (created_at, id) < (${timeOfMicros('$2')}, $3::uuid))
         ORDER BY created_at DESC, id DESC LIMIT $4`,
        [principalOf(request).workspace, after?.[0] ?? null, after?.[1] ?? null, limit + 1],
      );
      return toPage(rows, limit, toKey, (row) => [row.created_micros, row.id]);
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
      const rows = await db.query('DELETE FROM api_keys WHERE workspace = $1 AND id = $2 RETURNING id', [
        principalOf(request).workspace,
        id,
      ]);
      if (rows.length === 0)
        throw new GradewireError('not_found', 'No API key has this id. GET /api/v1/keys lists them.');
      keyring.forget(id);
      await db.query('DELETE FROM tickets WHERE key_id = $1', [id]);
      return reply.code(204).send(null);
    },
  );
}

/** The learner a key is limited to, checked; required for, and kept to, the roles that may be limited so. */
async function learnerOf(context: HttpContext, workspace: number, body: Static<typeof keyBody>): Promise<Uuid | null> {
  if (body.learner === undefined) {
    if (body.role !== 'learner') return null;
    throw invalid('body/learner', 'A key with the role learner needs the learner it is limited to. Give a learner id.');
  }
  if (body.role !== 'learner') {
    throw invalid(
      'body/learner',
      'Only a key with the role learner is limited to one. Leave this out, or use that role.',
    );
  }
  const id = parsePublicId('lrn', body.learner);
  const rows =
    id === null
      ? []
      : await context.db.query('SELECT 1 FROM learners WHERE workspace = $1 AND id = $2', [workspace, id]);
  if (rows.length === 0) throw invalid('body/learner', 'No learner has this id. GET /api/v1/learners lists them.');
  return id;
}

/** Cohort ids of the body. There is no cohort yet, so no id can stand for one: refused, since a key that is limited to nobody looks like a fault. */
function cohortsOf(body: Static<typeof keyBody>): Uuid[] | null {
  if (body.cohorts === undefined) return null;
  if (body.role !== 'instructor') {
    throw invalid(
      'body/cohorts',
      'Only a key with the role instructor is limited to cohorts. Leave this out, or use that role.',
    );
  }
  throw invalid('body/cohorts', 'No cohort has any of these ids. Leave this out for a key that sees every learner.');
}

function toKey(row: KeyRow): Static<typeof keySchema> {
  return {
    id: publicId('key', row.id),
    name: row.name,
    role: row.role,
    hint: row.hint,
    learner: row.learner_id === null ? null : publicId('lrn', row.learner_id),
    cohorts: row.cohorts === null ? null : row.cohorts.map((id) => publicId('coh', id)),
    expiresAt: row.expires_at?.toISOString() ?? null,
    createdAt: row.created_at.toISOString(),
    lastUsedAt: row.last_used_at?.toISOString() ?? null,
  };
}
