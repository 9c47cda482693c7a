/**
 * better-auth itself, as Gradewire uses it. Loaded with the first request that needs it (src/accounts/auth.ts): its modules
 * take longer to load than the rest of the server (docs/decisions/0100-accounts.md).
 */
import { betterAuth } from 'better-auth';
import { APIError, isAPIError } from 'better-auth/api';
import { hashPassword, verifyPassword } from 'better-auth/crypto';
import { genericOAuth } from 'better-auth/plugins';
import type { OidcSettings } from '../config/settings.ts';
import { randomToken } from '../core/ids.ts';
import { passwordMessage } from './account-mails.ts';
import type { AccountParts, Engine } from './accounts.ts';
import { auditMember } from './audit-sign-in.ts';
import { COOKIE_PREFIX, IP_HEADER, isSecure, MIN_PASSWORD, OIDC_ID, PASSWORD_LINK_SECONDS } from './auth-names.ts';
import { isMember } from './is-member.ts';
import { joinByInvitation, mayJoin } from './join-by-invitation.ts';

/** A teacher signs in once a week at most; each day of use begins the week anew. */
const SESSION_SECONDS = 7 * 24 * 3600;
const REFRESH_SECONDS = 24 * 3600;

/** Makes it, with the secret that signs cookies; nothing is read from the database before the first request. */
export function createEngine(parts: AccountParts, secret: string): Engine {
  // better-auth reads the provider's discovery document as soon as it is made.
  return parts.outgoing.fetchWithin(() => makeEngine(parts, secret));
}

function makeEngine({ db, settings, mailer, outgoing, log }: AccountParts, secret: string): Engine {
  const { publicUrl, oidc } = settings;
  const secure = isSecure(publicUrl);
  const auth = betterAuth({
    appName: 'Gradewire',
    baseURL: `${publicUrl}/api/auth`,
    basePath: `${new URL(publicUrl).pathname.replace(/\/$/, '')}/api/auth`,
    secret,
    telemetry: { enabled: false },
    database: db.pool,
    trustedOrigins: (request) => [new URL(publicUrl).origin, ...ownOrigin(request)],
    // Thrown, so that a database that is away is told as such and not as a fault of ours.
    onAPIError: { errorURL: `${publicUrl}/sign-in`, throw: true },
    logger: {
      level: 'warn',
      log: (level, message) => {
        // Details are left out: better-auth puts e-mail addresses and tokens in them.
        if (level === 'error') log.warn({ auth: message }, 'sign-in failed');
      },
    },
    emailAndPassword: {
      enabled: true,
      disableSignUp: true,
      minPasswordLength: MIN_PASSWORD,
      revokeSessionsOnPasswordReset: true,
      resetPasswordTokenExpiresIn: PASSWORD_LINK_SECONDS,
      onPasswordReset: async ({ user }) => await auditMember(db, user.id, 'password.reset', null),
      ...(mailer === null
        ? {}
        : {
            // Not awaited: how long a mail takes would tell whether the address has an account.
            sendResetPassword: async ({ user, token }) => {
              mailer
                .send(passwordMessage(user, `${publicUrl}/reset-password?token=${token}`))
                .catch((error: unknown) => log.warn({ err: error }, 'the mail with a link to set a password failed'));
            },
          }),
    },
    plugins: oidc === null ? [] : [genericOAuth({ config: [oidcConfig(oidc)] })],
    user: {
      modelName: 'auth_users',
      fields: { emailVerified: 'email_verified', createdAt: 'created_at', updatedAt: 'updated_at' },
      async validateUserInfo({ user, source }) {
        if (source.method !== 'oauth') return undefined;
        if (source.oauth?.profile?.email_verified === false) return REFUSALS.unverified;
        const known = source.action !== 'create-user' && typeof user.id === 'string' && (await isMember(db, user.id));
        if (known || (await mayJoin(db, user.email ?? ''))) return undefined;
        return REFUSALS.notInvited;
      },
    },
    session: {
      modelName: 'auth_sessions',
      fields: {
        userId: 'user_id',
        expiresAt: 'expires_at',
        ipAddress: 'ip_address',
        userAgent: 'user_agent',
        createdAt: 'created_at',
        updatedAt: 'updated_at',
      },
      expiresIn: SESSION_SECONDS,
      updateAge: REFRESH_SECONDS,
    },
    account: {
      modelName: 'auth_accounts',
      fields: {
        userId: 'user_id',
        accountId: 'account_id',
        providerId: 'provider_id',
        accessToken: 'access_token',
        refreshToken: 'refresh_token',
        idToken: 'id_token',
        accessTokenExpiresAt: 'access_token_expires_at',
        refreshTokenExpiresAt: 'refresh_token_expires_at',
        createdAt: 'created_at',
        updatedAt: 'updated_at',
      },
      // The operator chose the provider, and only invited addresses and members get as far as this.
      accountLinking: { trustedProviders: [OIDC_ID] },
      encryptOAuthTokens: true,
    },
    verification: {
      modelName: 'auth_verifications',
      fields: { expiresAt: 'expires_at', createdAt: 'created_at', updatedAt: 'updated_at' },
      storeIdentifier: 'hashed',
    },
    databaseHooks: {
      session: {
        create: {
          // Also the place where an invited person who came by single sign-on becomes a member.
          before: async ({ userId }) => {
            await joinByInvitation(db, userId);
            if (await isMember(db, userId)) return;
            throw new APIError('FORBIDDEN', { code: 'not_invited', message: REFUSALS.notInvited.errorDescription });
          },
          after: async ({ userId, ipAddress }) => await auditMember(db, userId, 'session.begin', ipAddress || null),
        },
      },
    },
    // Failed sign-ins are counted in the database instead (sign-in-limit.ts).
    rateLimit: { enabled: false },
    advanced: {
      database: { generateId: 'uuid' },
      cookiePrefix: COOKIE_PREFIX,
      useSecureCookies: secure,
      defaultCookieAttributes: { sameSite: 'lax', httpOnly: true, secure },
      ipAddress: { ipAddressHeaders: [IP_HEADER] },
      disableOriginCheck: false,
      disableCSRFCheck: false,
    },
  });
  return {
    async handle(request) {
      try {
        return await outgoing.fetchWithin(() => auth.handler(request));
      } catch (error) {
        if (!isAPIError(error)) throw error;
        return Response.json(error.body ?? {}, { status: error.statusCode });
      }
    },
    hashPassword: (password) => hashPassword(password),
    verifyPassword: (data) => verifyPassword(data),
    async newPasswordToken(userId) {
      const token = randomToken(24);
      const expiresAt = new Date(Date.now() + PASSWORD_LINK_SECONDS * 1000);
      const { internalAdapter } = await auth.$context;
      // As better-auth's own route writes it, which mails the link and so is no use where there is no mail.
      await internalAdapter.createVerificationValue({
        identifier: `reset-password:${token}`,
        value: userId,
        expiresAt,
      });
      return { token, expiresAt };
    },
  };
}

/** Why somebody whom the provider let in is not let in here. */
const REFUSALS = {
  notInvited: {
    error: 'not_invited',
    errorDescription: 'Nobody has invited this e-mail address to Gradewire. Ask an administrator for an invitation.',
  },
  unverified: {
    error: 'email_not_verified',
    errorDescription: 'Your sign-in provider has not verified your e-mail address. Have it verified there first.',
  },
} as const;

function oidcConfig(oidc: OidcSettings) {
  return {
    providerId: OIDC_ID,
    name: oidc.name,
    discoveryUrl: `${oidc.issuer.replace(/\/$/, '')}/.well-known/openid-configuration`,
    requireIdTokenVerification: true,
    clientId: oidc.clientId,
    clientSecret: oidc.clientSecret,
    scopes: ['openid', 'email', 'profile'],
    pkce: true,
    // Signing out here must not end the person's whole day elsewhere.
    disableProviderLogout: true,
    mapProfileToUser: (profile: { name?: string | null | undefined; email?: string | null | undefined }) => ({
      name: profile.name || profile.email || 'Unnamed',
    }),
  };
}

/** The origin by which the request itself came: people also open http://localhost:8080 where PUBLIC_URL says otherwise. */
function ownOrigin(request: Request | undefined): string[] {
  const host = request?.headers.get('host');
  if (request === undefined || host === null || host === undefined) return [];
  return [`${new URL(request.url).protocol}//${host}`];
}
