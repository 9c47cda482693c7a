/** Invitations: how people get an account. By link, and by mail where SMTP_URL is set. */
import { type Static, Type } from 'typebox';
import { acceptInvitation } from '../../accounts/accept-invitation.ts';
import { invitationMessage } from '../../accounts/account-mails.ts';
import {
  createInvitation,
  type InvitationRow,
  invitationsOf,
  openInvitation,
  withdrawInvitation,
} from '../../accounts/invitations.ts';
import { GradewireError } from '../../core/errors.ts';
import { publicId } from '../../core/ids.ts';
import { principalOf } from '../access.ts';
import { audited } from '../audit.ts';
import { clientAddress } from '../client-address.ts';
import type { App, HttpContext } from '../context.ts';
import { idParams, uuidOf } from '../contracts/common.ts';
import { timeCursor } from '../contracts/cursor.ts';
import {
  acceptBody,
  invitationBody,
  invitationSchema,
  newInvitationSchema,
  openInvitationSchema,
  signedInSchema,
} from '../contracts/members.ts';
import { memberLimits } from '../member-limits.ts';
import { decodeCursor, limitOf, pageOf, pageQuery, toPage } from '../pagination.ts';
import { readWorkspace } from '../workspace-settings.ts';
import { toCohortRefs, toLearnerRef } from './members.ts';
import { requireOwnPage, signedIn } from './setup.ts';

const tags = ['Accounts'];
const tokenParams = Type.Object({ token: Type.String({ maxLength: 200 }) });

export function invitationsRoutes(app: App, context: HttpContext): void {
  const { accounts, db } = context;

  app.post(
    '/api/v1/members/invitations',
    {
      config: { access: ['admin'] },
      schema: {
        tags,
        summary: 'Invite somebody',
        description:
          'The link is in the answer this once; where the server sends mail, it is mailed as well. It holds 7 days and works ' +
          'once. Another invitation of the same address replaces it.',
        body: invitationBody,
        response: { 201: newInvitationSchema },
      },
    },
    async (request, reply) => {
      const { workspace, name } = principalOf(request);
      const limits = await memberLimits(db, workspace, request.body);
      const made = await createInvitation(db, workspace, { ...limits, email: request.body.email, invitedBy: name });
      const [row] = await invitationsOf(db, workspace, { id: made.id });
      if (row === undefined) throw new GradewireError('conflict', 'This address was invited again meanwhile.');
      const url = `${context.settings.publicUrl}/invitations/${made.token}`;
      const mailed = await mail(context, workspace, row, url);
      return reply.code(201).send({ ...toInvitation(row), url, mailed });
    },
  );

  app.get(
    '/api/v1/members/invitations',
    {
      config: { access: ['admin'] },
      schema: {
        tags,
        summary: 'List invitations that nobody has accepted yet, newest first',
        querystring: Type.Object(pageQuery),
        response: { 200: pageOf(invitationSchema) },
      },
    },
    async (request) => {
      const limit = limitOf(request.query);
      const after = decodeCursor(timeCursor, request.query.cursor);
      const rows = await invitationsOf(db, principalOf(request).workspace, { after, limit: limit + 1 });
      return toPage(rows, limit, toInvitation, (row) => [row.created_micros, row.id]);
    },
  );

  app.delete(
    '/api/v1/members/invitations/:id',
    {
      config: { access: ['admin'] },
      schema: { tags, summary: 'Withdraw an invitation', params: idParams, response: { 204: Type.Null() } },
    },
    async (request, reply) => {
      const id = uuidOf('inv', request.params.id);
      if (!(await withdrawInvitation(db, principalOf(request).workspace, id))) {
        throw new GradewireError('not_found', 'No open invitation has this id. It may have been accepted meanwhile.');
      }
      return reply.code(204).send(null);
    },
  );

  app.get(
    '/api/v1/invitations/:token',
    {
      config: { access: 'public' },
      schema: {
        tags,
        summary: 'What an invitation link invites to',
        params: tokenParams,
        response: { 200: openInvitationSchema },
      },
    },
    async (request) => {
      const { email, role, workspace, expires_at } = await openInvitation(db, request.params.token);
      return { email, role, workspace: { name: workspace }, expiresAt: expires_at.toISOString() };
    },
  );

  app.post(
    '/api/v1/invitations/:token/accept',
    {
      config: { access: 'public' },
      schema: {
        tags,
        summary: 'Accept an invitation: makes the account and signs in',
        description: 'Somebody who has an account on this server already gives its password.',
        params: tokenParams,
        body: acceptBody,
        response: { 201: signedInSchema },
      },
    },
    async (request, reply) => {
      requireOwnPage(context, request);
      const { name, password } = request.body;
      const person = { name, password, ip: clientAddress(request) };
      const { email, userId, workspace } = await acceptInvitation(db, accounts, request.params.token, person);
      audited(request, { actor: { workspace, kind: 'member', id: userId, name } });
      return await signedIn(context, request, reply, { email, password });
    },
  );
}

/** Mails the link; whether that worked. A mail server that is down must not lose the invitation: the link is in the answer. */
async function mail(
  { accounts, db, log }: HttpContext,
  workspace: number,
  row: InvitationRow,
  url: string,
): Promise<boolean> {
  if (accounts.mailer === null) return false;
  const { settings } = await readWorkspace(db, workspace);
  try {
    await accounts.mailer.send(invitationMessage(row.email, settings.name, url, row.expires_at));
    return true;
  } catch (error) {
    log.warn({ err: error }, 'an invitation could not be mailed');
    return false;
  }
}

function toInvitation(row: InvitationRow): Static<typeof invitationSchema> {
  return {
    id: publicId('inv', row.id),
    email: row.email,
    role: row.role,
    learner: toLearnerRef(row.learner_id, row.learner_name),
    cohorts: toCohortRefs(row.cohorts),
    createdAt: row.created_at.toISOString(),
    expiresAt: row.expires_at.toISOString(),
  };
}
