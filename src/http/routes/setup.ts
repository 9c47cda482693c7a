/** What a page needs before anybody is signed in, and the first administrator's account. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { DEFAULT_WORKSPACE, requireSetupToken, setUp, setupNeeded } from '../../accounts/setup-link.ts';
import { audited } from '../audit.ts';
import type { App, HttpContext } from '../context.ts';
import { setupBody, signedInSchema, signInOptionsSchema } from '../contracts/members.ts';
import { requireSameOrigin } from '../same-origin.ts';
import { setCookies, signIn, toError } from './auth.ts';

const tags = ['Accounts'];

export function setupRoutes(app: App, context: HttpContext): void {
  const { accounts, db } = context;

  app.get(
    '/api/v1/sign-in-options',
    {
      config: { access: 'public' },
      schema: { tags, summary: 'How one can sign in here', response: { 200: signInOptionsSchema } },
    },
    async () => ({
      setupNeeded: await setupNeeded(db),
      sso: accounts.sso.map(({ id, name }) => ({ id, name })),
      mail: accounts.mailer !== null,
    }),
  );

  app.post(
    '/api/v1/setup',
    {
      config: { access: 'public' },
      schema: {
        tags,
        summary: 'Make the first administrator, by the one-time link that the server printed',
        description: 'Signs in as well: the answer sets the session cookie.',
        body: setupBody,
        response: { 201: signedInSchema },
      },
    },
    async (request, reply) => {
      requireOwnPage(context, request);
      const { token, name, email, password } = request.body;
      // First: hashing a password is too dear for somebody who holds no link.
      await requireSetupToken(db, token);
      const userId = await setUp(db, token, { email, name, passwordHash: await accounts.hashPassword(password) });
      audited(request, { actor: { workspace: DEFAULT_WORKSPACE, kind: 'member', id: userId, name } });
      return await signedIn(context, request, reply, { email, password });
    },
  );
}

/** Another site must not set up or sign in here in its visitor's name; programs, which send no such header, may. */
export function requireOwnPage(context: HttpContext, request: FastifyRequest): void {
  const { headers } = request;
  if (headers.origin === undefined && headers['sec-fetch-site'] === undefined) return;
  requireSameOrigin(request.method, headers, context.settings.publicUrl);
}

/** 201 with the session cookie of somebody whose account was made or joined just now. */
export async function signedIn(
  context: HttpContext,
  request: FastifyRequest,
  reply: FastifyReply,
  person: { email: string; password: string },
) {
  const response = await signIn(context, request, person);
  if (!response.ok) throw toError(response.status, await response.json().catch(() => null));
  setCookies(response, reply);
  return reply.code(201).send({ email: person.email.trim().toLowerCase() });
}
