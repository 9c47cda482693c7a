/** What the rest of the server gets of accounts, and what accounts need of it. */
import type { OidcSettings } from '../config/settings.ts';
import type { Uuid } from '../core/ids.ts';
import type { Database } from '../db/database.ts';
import type { Log } from '../db/log.ts';
import type { Mailer } from '../mail/mailer.ts';

export interface Accounts {
  /** Answers a request under /api/auth whose path is in `AUTH_PATHS`. Rejects when the database is away. */
  handle(request: Request): Promise<Response>;
  /** The session token that a Cookie header shows, its signature checked; whether the session still stands it does not say. */
  tokenIn(cookies: string | undefined): string | null;
  /** scrypt. */
  hashPassword(password: string): Promise<string>;
  verifyPassword(data: { hash: string; password: string }): Promise<boolean>;
  /** A link's token with which the user sets a new password, within an hour and once. */
  newPasswordToken(userId: Uuid): Promise<{ token: string; expiresAt: Date }>;
  /** Single sign-on that is configured. */
  sso: readonly { id: string; name: string }[];
  mailer: Mailer | null;
}

/** How single sign-on calls its provider: under the address guard, redirects and what the discovery document names too. */
export interface GuardedCalls {
  /** What is wrong with a URL before it is called: a sentence; null when nothing is. */
  urlProblem(url: string): string | null;
  /** Runs `work` with every `fetch` in it under the guard. */
  fetchWithin<T>(work: () => T): T;
}

export interface AccountParts {
  db: Database;
  settings: { publicUrl: string; encryptionKey: string; oidc: OidcSettings | null };
  mailer: Mailer | null;
  outgoing: GuardedCalls;
  log: Log;
}

/** The part of accounts that better-auth does. */
export type Engine = Pick<Accounts, 'handle' | 'hashPassword' | 'verifyPassword' | 'newPasswordToken'>;
