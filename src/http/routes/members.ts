/** Members of the workspace: listed, given another role or other limits, removed. */
import { type Static, Type } from 'typebox';
import { changeMember, removeMember } from '../../accounts/change-member.ts';
import { type MemberRow, membersOf } from '../../accounts/members-of.ts';
import { requireOnlyHere } from '../../accounts/only-here.ts';
import { GradewireError } from '../../core/errors.ts';
import { publicId, type Uuid } from '../../core/ids.ts';
import { principalOf } from '../access.ts';
import type { App, HttpContext } from '../context.ts';
import { idParams, uuidOf } from '../contracts/common.ts';
import { timeCursor } from '../contracts/cursor.ts';
import type { cohortRef, learnerRef } from '../contracts/members.ts';
import { memberPatch, memberSchema, passwordLinkSchema } from '../contracts/members.ts';
import { memberLimits } from '../member-limits.ts';
import { decodeCursor, limitOf, pageOf, pageQuery, toPage } from '../pagination.ts';

const tags = ['Accounts'];

export function membersRoutes(app: App, { accounts, db, keyring, settings }: HttpContext): void {
  app.get(
    '/api/v1/members',
    {
      config: { access: ['admin'] },
      schema: {
        tags,
        summary: 'List the members, newest first',
        querystring: Type.Object(pageQuery),
        response: { 200: pageOf(memberSchema) },
      },
    },
    async (request) => {
      const limit = limitOf(request.query);
      const after = decodeCursor(timeCursor, request.query.cursor);
      const rows = await membersOf(db, principalOf(request).workspace, { after, limit: limit + 1 });
      return toPage(rows, limit, toMember, (row) => [row.created_micros, row.user_id]);
    },
  );

  app.patch(
    '/api/v1/members/:id',
    {
      config: { access: ['admin'] },
      schema: {
        tags,
        summary: "Change a member's role or limits",
        description: 'It acts at once; open streams of the member are cut. The last administrator stays one.',
        params: idParams,
        body: memberPatch,
        response: { 200: memberSchema },
      },
    },
    async (request) => {
      const { workspace } = principalOf(request);
      const userId = uuidOf('mem', request.params.id);
      await changeMember(db, workspace, userId, (tx, before) => memberLimits(tx, workspace, request.body, before));
      keyring.forget(userId);
      const [row] = await membersOf(db, workspace, { userId });
      if (row === undefined) throw new GradewireError('not_found', 'This member was removed meanwhile.');
      return toMember(row);
    },
  );

  app.post(
    '/api/v1/members/:id/password-link',
    {
      config: { access: ['admin'] },
      schema: {
        tags,
        summary: 'Make a link with which a member sets a new password',
        description:
          'For servers without mail. It holds an hour and works once; all sessions of the member end with it.',
        params: idParams,
        response: { 201: passwordLinkSchema },
      },
    },
    async (request, reply) => {
      const userId = uuidOf('mem', request.params.id);
      await requireOnlyHere(db, principalOf(request).workspace, userId);
      const { token, expiresAt } = await accounts.newPasswordToken(userId);
      const url = `${settings.publicUrl}/reset-password?token=${token}`;
      return reply.code(201).send({ url, expiresAt: expiresAt.toISOString() });
    },
  );

  app.delete(
    '/api/v1/members/:id',
    {
      config: { access: ['admin'] },
      schema: {
        tags,
        summary: 'Remove a member',
        description: 'The account goes as well when this was its last workspace; its sessions end.',
        params: idParams,
        response: { 204: Type.Null() },
      },
    },
    async (request, reply) => {
      const userId = uuidOf('mem', request.params.id);
      await removeMember(db, principalOf(request).workspace, userId);
      keyring.forget(userId);
      return reply.code(204).send(null);
    },
  );
}

function toMember(row: MemberRow): Static<typeof memberSchema> {
  return {
    id: publicId('mem', row.user_id),
    name: row.name,
    email: row.email,
    role: row.role,
    learner: toLearnerRef(row.learner_id, row.learner_name),
    cohorts: toCohortRefs(row.cohorts),
    createdAt: row.created_at.toISOString(),
    lastSeenAt: row.last_seen_at?.toISOString() ?? null,
  };
}

export function toLearnerRef(id: Uuid | null, name: string | null): Static<typeof learnerRef> | null {
  return id === null ? null : { id: publicId('lrn', id), name };
}

export function toCohortRefs(cohorts: { id: Uuid; name: string }[] | null): Static<typeof cohortRef>[] | null {
  return cohorts?.map(({ id, name }) => ({ id: publicId('coh', id), name })) ?? null;
}
