/**
 * What route files get: the app's type, the context they read from, and who is asking. Every route file exports
 * `function xRoutes(app: App, context: HttpContext): void`, and every route says in `config.access` who may call it.
 */

import type { IncomingMessage, ServerResponse } from 'node:http';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import type { FastifyBaseLogger, FastifyInstance, RawServerDefault } from 'fastify';
import type { Registry } from 'prom-client';
import type { Accounts } from '../accounts/accounts.ts';
import type { Settings } from '../config/settings.ts';
import type { SecretBox } from '../core/encryption.ts';
import type { Uuid } from '../core/ids.ts';
import type { Database } from '../db/database.ts';
import type { OutgoingHttp } from '../delivery/kinds/kind.ts';
import type { LiveHub } from '../live/hub.ts';
import type { Mailer } from '../mail/mailer.ts';

/** The Fastify app; handlers are typed by the TypeBox schemas of their route. */
export type App = FastifyInstance<
  RawServerDefault,
  IncomingMessage,
  ServerResponse<IncomingMessage>,
  FastifyBaseLogger,
  TypeBoxTypeProvider
>;

/** Everything routes use. Each part is as small as its users need; compose.ts fills it in. */
export interface HttpContext {
  db: Database;
  settings: Settings;
  /** Seals the secrets of sources. */
  box: SecretBox;
  /** Who shows which key or session. */
  keyring: Keyring;
  /** Sign-in. */
  accounts: Accounts;
  /** Mail; null: none is set up. */
  mailer: Mailer | null;
  /** Every call to somebody else goes through it: the address guard. */
  outgoing: OutgoingHttp;
  /** Open streams. */
  live: LiveHub;
  /** Metrics of this process, for GET /metrics. */
  registry: Registry;
  /** The program's version, for openapi.json and GET /. */
  version: string;
  log: FastifyBaseLogger;
  /** The folder of the built dashboard; it need not be there. */
  webDir: string;
  /** `http://127.0.0.1:41234`, the loopback address this process listens on: source tests go through it. */
  ingestOrigin(): string;
}

/** What a credential may do: see the contract, "API". */
export const ROLES = ['admin', 'instructor', 'integration', 'learner'] as const;
export type Role = (typeof ROLES)[number];

/** What a ticket opens. */
export type TicketPurpose = 'live' | 'students';

/** Who asks. */
export interface Principal {
  workspace: number;
  role: Role;
  kind: 'key' | 'session';
  /** The key or session, with which tickets and streams end; for the instance's admin key a fixed id that changes with that key. */
  keyId: Uuid;
  /** Who is signed in; null for keys. */
  userId: Uuid | null;
  /** Of the person or the key, for the audit log. */
  name: string;
  /** A key limited to one learner, whatever its role (always set for the role `learner`). */
  learnerId: Uuid | null;
  /** An instructor limited to cohorts; null: everyone in the workspace. */
  cohorts: readonly Uuid[] | null;
  /** Set when a ticket was shown instead of the key: the learner it was asked for, as it stood in the request. */
  ticket: { learner: string | null } | null;
}

/** Keys and sessions: from what a caller shows to who that is. createKeyring makes it. */
export interface Keyring {
  /** Who shows this key; null when it is unknown, expired or revoked. Rejects when the database is away. */
  principalOf(key: string): Promise<Principal | null>;
  /** The same for the token of a session. */
  principalOfSession(token: string): Promise<Principal | null>;
  /**
   * Whether the principal's key or session still stands, and for the same (streams ask while they are open): a member whose
   * role, learner or cohorts changed is somebody else. Rejects when the database is away.
   */
  stillValid(principal: Principal): Promise<boolean>;
  /** The principal of a key or session by its id, for tickets; null when it is gone or expired. */
  principalById(keyId: Uuid): Promise<Principal | null>;
  /** Forgets what is remembered of a key, a session or a user, so that a change of it acts at once in this process. */
  forget(id: Uuid): void;
  /** Resolves when it has no statement running that nobody waits for; the app's end waits for it, before the database ends. */
  idle(): Promise<void>;
}

declare module 'fastify' {
  interface FastifyRequest {
    /** Who asks; null on public routes. `principalOf` gives it where there must be one. */
    principal: Principal | null;
  }
  interface FastifyContextConfig {
    /** Who may call the route. Without it a route under /api does not start, so nothing is open by accident. */
    access?: readonly Role[] | 'public';
    /**
     * Keys limited to one learner may call routes that the role learner may, and those marked so because they keep to the
     * limit themselves. Everything else shows or changes more than one learner's data.
     */
    keepsToLearner?: true;
    /** Ids of learners merged into another are left as told; else they are those of the ones kept (follow-merges.ts). */
    mergedIds?: 'asTold';
    /** Streams also take `?ticket=` of this purpose. */
    ticket?: TicketPurpose;
  }
}
