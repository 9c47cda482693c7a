/** better-auth under /api/auth: signing in and out, passwords, single sign-on. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { auditRefusedSignIn } from '../../accounts/audit-sign-in.ts';
import { AUTH_PATHS } from '../../accounts/auth.ts';
import { IP_HEADER } from '../../accounts/auth-names.ts';
import { giveBack, takeTry } from '../../accounts/sign-in-limit.ts';
import { GradewireError } from '../../core/errors.ts';
import { actorOf, audited } from '../audit.ts';
import { clientAddress } from '../client-address.ts';
import type { App, HttpContext } from '../context.ts';
import { invalid } from '../contracts/common.ts';
import { requireSameOrigin } from '../same-origin.ts';

const SIGN_IN = '/sign-in/email';

export function authRoutes(app: App, context: HttpContext): void {
  for (const [path, { method }] of AUTH_PATHS) {
    app.route({
      method,
      url: `/api/auth${path}`,
      config: { access: 'public' },
      schema: { hide: true },
      exposeHeadRoute: false,
      handler: async (request, reply) => await answer(context, path, request, reply),
    });
  }
}

async function answer(
  context: HttpContext,
  path: string,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const { accounts, keyring, settings } = context;
  const { headers } = request;
  // Also without a cookie where a page asks: another site must not sign somebody in as somebody else. Programs say neither.
  if (headers.cookie !== undefined || headers.origin !== undefined || headers['sec-fetch-site'] !== undefined) {
    requireSameOrigin(request.method, headers, settings.publicUrl);
  }
  // Asked before: signing out ends it.
  const token = accounts.tokenIn(headers.cookie);
  const before = token === null ? null : await keyring.principalOfSession(token);
  if (before !== null) audited(request, { actor: actorOf(before) });
  if (path === '/update-user') requireName(request.body);
  const response =
    path === SIGN_IN
      ? await signIn(context, request)
      : await accounts.handle(toRequest(settings.publicUrl, request, path));
  // Whatever was changed acts at once.
  if (before?.userId && request.method === 'POST') keyring.forget(before.userId);
  return await passOn(response, reply);
}

/** Names show in lists and in the audit log. */
function requireName(body: unknown): void {
  const name = textAt(body, 'name');
  if (name.trim() === '' || name.length > 200) throw invalid('body/name', 'Give a name of 1 to 200 characters.');
}

/** Signs in by e-mail and password; refuses when too many tries failed. */
export async function signIn(context: HttpContext, request: FastifyRequest, body = request.body): Promise<Response> {
  const { accounts, db, settings } = context;
  const email = textAt(body, 'email');
  const tries = { email, ip: clientAddress(request) };
  await takeTry(db, tries);
  const response = await accounts.handle(toRequest(settings.publicUrl, request, SIGN_IN, body));
  if (response.status === 401) await auditRefusedSignIn(db, tries);
  else await giveBack(db, tries, response.ok);
  return response;
}

/** The request as better-auth takes it; its own URL is the public one, whatever a proxy made of it. */
function toRequest(publicUrl: string, request: FastifyRequest, path: string, body = request.body): Request {
  const headers = new Headers();
  for (const name of ['cookie', 'origin', 'host', 'user-agent', 'referer', 'sec-fetch-site']) {
    const value = request.headers[name];
    if (typeof value === 'string') headers.set(name, value);
  }
  headers.set(IP_HEADER, clientAddress(request));
  const { method, fields = [] } = AUTH_PATHS.get(path) ?? { method: 'GET' };
  const query = request.url.includes('?') ? request.url.slice(request.url.indexOf('?')) : '';
  if (method === 'GET') return new Request(`${publicUrl}/api/auth${path}${query}`, { headers });
  headers.set('content-type', 'application/json');
  const given = typeof body === 'object' && body !== null ? Object.entries(body) : [];
  const kept = Object.fromEntries(given.filter(([name]) => fields.includes(name)));
  return new Request(`${publicUrl}/api/auth${path}`, { method, headers, body: JSON.stringify(kept) });
}

/** Its answer as ours: cookies and redirects as they are, errors in our shape, session tokens only in the cookie. */
async function passOn(response: Response, reply: FastifyReply): Promise<FastifyReply> {
  setCookies(response, reply);
  const location = response.headers.get('location');
  if (response.status >= 300 && response.status < 400 && location !== null) return reply.redirect(location, 302);
  const body: unknown = await response.json().catch(() => null);
  if (!response.ok) throw toError(response.status, body);
  return reply.code(response.status).type('application/json; charset=utf-8').send(withoutToken(body));
}

/** Hands the cookies on. */
export function setCookies(response: Response, reply: FastifyReply): void {
  for (const cookie of response.headers.getSetCookie()) reply.header('set-cookie', cookie);
}

/** An error of better-auth as one of the catalogue. */
export function toError(status: number, body: unknown): GradewireError {
  const code = textAt(body, 'code');
  const known = MESSAGES[code];
  if (code === 'INVALID_EMAIL_OR_PASSWORD' || code === 'INVALID_PASSWORD') {
    return new GradewireError('invalid_credentials', 'E-mail address or password do not match. Check both.');
  }
  if (status >= 500) return new GradewireError('internal');
  if (status === 401) return new GradewireError('unauthorized', known);
  if (status === 403) return new GradewireError('forbidden', known ?? textAt(body, 'message'));
  if (status === 404) return new GradewireError('not_found', known);
  return new GradewireError('invalid_request', known ?? (textAt(body, 'message') || undefined));
}

const MESSAGES: Readonly<Record<string, string>> = {
  INVALID_EMAIL: 'This is no e-mail address. Write it like asha@example.org.',
  PASSWORD_TOO_SHORT: 'This password is too short. Take at least 10 characters.',
  PASSWORD_TOO_LONG: 'This password is too long. Take at most 128 characters.',
  INVALID_TOKEN: 'This link was used or ran out. Ask for a new one.',
  RESET_PASSWORD_DISABLED: 'This server sends no mail (SMTP_URL is not set). Ask an administrator for a link.',
  PROVIDER_NOT_FOUND: 'This way to sign in is not configured, or the provider did not answer. Try again.',
};

/** The token is in an HttpOnly cookie so that no script can read it: it must not stand in the body either. */
function withoutToken(body: unknown): unknown {
  if (typeof body !== 'object' || body === null) return body;
  const { token: _, ...rest } = body as Record<string, unknown>;
  if (typeof rest.session !== 'object' || rest.session === null) return rest;
  const { token: __, ...session } = rest.session as Record<string, unknown>;
  return { ...rest, session };
}

function textAt(body: unknown, name: string): string {
  if (typeof body !== 'object' || body === null) return '';
  const value: unknown = Reflect.get(body, name);
  return typeof value === 'string' ? value : '';
}

/** Begins the session's week anew when a day of it is over, in the database and in the cookie. */
export async function refreshSession(
  context: HttpContext,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<void> {
  const url = `${context.settings.publicUrl}/api/auth/get-session`;
  const headers = new Headers({ cookie: request.headers.cookie ?? '', [IP_HEADER]: clientAddress(request) });
  setCookies(await context.accounts.handle(new Request(url, { headers })), reply);
}
