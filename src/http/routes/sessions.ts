/** One's own sessions: where one is signed in, and the end of any of them. */
import { Type } from 'typebox';
import { endSession, sessionsOf } from '../../accounts/sessions-of.ts';
import { GradewireError } from '../../core/errors.ts';
import { publicId } from '../../core/ids.ts';
import { principalOf } from '../access.ts';
import type { App, HttpContext } from '../context.ts';
import { idParams, uuidOf } from '../contracts/common.ts';
import { sessionSchema } from '../contracts/members.ts';
import { pageOf } from '../pagination.ts';

const tags = ['Accounts'];

export function sessionsRoutes(app: App, { db, keyring }: HttpContext): void {
  app.get(
    '/api/v1/sessions',
    {
      config: { access: ['admin', 'instructor', 'integration', 'learner'] },
      schema: {
        tags,
        summary: 'Where you are signed in, newest first',
        description: 'Of the person who asks; a key has none.',
        response: { 200: pageOf(sessionSchema) },
      },
    },
    async (request) => {
      const { userId, keyId } = principalOf(request);
      const rows = userId === null ? [] : await sessionsOf(db, userId);
      return {
        data: rows.map((row) => ({
          id: publicId('ses', row.id),
          createdAt: row.created_at.toISOString(),
          lastSeenAt: row.last_seen_at?.toISOString() ?? null,
          expiresAt: row.expires_at.toISOString(),
          userAgent: row.user_agent,
          ip: row.ip_address === '' ? null : row.ip_address,
          current: row.id === keyId,
        })),
        nextCursor: null,
      };
    },
  );

  app.delete(
    '/api/v1/sessions/:id',
    {
      config: { access: ['admin', 'instructor', 'integration', 'learner'] },
      schema: {
        tags,
        summary: 'End one of your sessions',
        description: 'Its open streams and tickets end with it.',
        params: idParams,
        response: { 204: Type.Null() },
      },
    },
    async (request, reply) => {
      const { userId } = principalOf(request);
      const id = uuidOf('ses', request.params.id);
      if (userId === null || !(await endSession(db, userId, id))) {
        throw new GradewireError('not_found', 'You have no session with this id. GET /api/v1/sessions lists yours.');
      }
      keyring.forget(id);
      return reply.code(204).send(null);
    },
  );
}
