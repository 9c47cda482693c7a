/**
 * Accounts: e-mail and password, and single sign-on by OpenID Connect where it is configured. better-auth (./engine.ts) keeps
 * users, sessions and passwords; what a user may do stands in `members`, and nobody signs up by themselves
 * (docs/decisions/0100-accounts.md).
 */
import { hkdfSync } from 'node:crypto';
import type { AccountParts, Accounts, Engine } from './accounts.ts';
import { COOKIE_PREFIX, isSecure, OIDC_ID } from './auth-names.ts';
import { sessionCookie } from './session-cookie.ts';

/** The paths of better-auth that are served, with the fields of the body that are handed on; the rest of it is closed. */
export const AUTH_PATHS: ReadonlyMap<string, { method: 'GET' | 'POST'; fields?: readonly string[] }> = new Map([
  ['/sign-in/email', { method: 'POST', fields: ['email', 'password', 'rememberMe'] }],
  ['/sign-in/social', { method: 'POST', fields: ['provider', 'callbackURL', 'errorCallbackURL'] }],
  [`/callback/${OIDC_ID}`, { method: 'GET' }],
  ['/sign-out', { method: 'POST' }],
  ['/get-session', { method: 'GET' }],
  ['/change-password', { method: 'POST', fields: ['currentPassword', 'newPassword', 'revokeOtherSessions'] }],
  ['/update-user', { method: 'POST', fields: ['name'] }],
  ['/request-password-reset', { method: 'POST', fields: ['email'] }],
  ['/reset-password', { method: 'POST', fields: ['token', 'newPassword'] }],
]);

/** Makes it; better-auth is loaded, and anything read from the database, with the first request that needs it. */
export function createAccounts(parts: AccountParts): Accounts {
  const { publicUrl, encryptionKey, oidc } = parts.settings;
  const problem = oidc === null ? null : parts.outgoing.urlProblem(oidc.issuer);
  if (problem !== null) parts.log.error({ issuer: oidc?.issuer }, `Single sign-on cannot work: ${problem}`);
  const secret = Buffer.from(hkdfSync('sha256', encryptionKey, 'gradewire', 'sessions v1', 32)).toString('base64url');
  const cookie = sessionCookie(`${isSecure(publicUrl) ? '__Secure-' : ''}${COOKIE_PREFIX}.session_token`, secret);
  let loading: Promise<Engine> | undefined;
  const engine = () => {
    loading ??= import('./engine.ts')
      .then(({ createEngine }) => createEngine(parts, secret))
      .catch((error: unknown) => {
        // The next request tries again.
        loading = undefined;
        throw error;
      });
    return loading;
  };
  return {
    handle: async (request) => await (await engine()).handle(request),
    tokenIn: cookie.tokenIn,
    hashPassword: async (password) => await (await engine()).hashPassword(password),
    verifyPassword: async (data) => await (await engine()).verifyPassword(data),
    newPasswordToken: async (userId) => await (await engine()).newPasswordToken(userId),
    sso: oidc === null ? [] : [{ id: OIDC_ID, name: oidc.name }],
    mailer: parts.mailer,
  };
}
