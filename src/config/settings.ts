/** The settings a process runs with: checked once, frozen, handed down. See ../shared/contract.md, "Running". */
export type Role = 'ingest' | 'worker' | 'api';

export interface Settings {
  /** null: an embedded PostgreSQL under `dataDir`. */
  databaseUrl: string | null;
  /** Absolute path. */
  dataDir: string;
  host: string;
  /** 0: any free port. */
  port: number;
  /** Without a trailing slash. */
  publicUrl: string;
  /** At least 32 characters. */
  adminKey: string;
  encryptionKey: string;
  /** The admin key was made by this very start: show it once. */
  adminKeyGenerated?: boolean;
  /** The admin key until now, when it is being changed on purpose (src/db/check-keys.ts). */
  previousAdminKey?: string;
  /** true: anywhere; a list of CIDRs; false: public addresses only. */
  allowPrivateEndpoints: boolean | readonly string[];
  /** Networks (CIDR) of proxies whose X-Forwarded-For is believed; none: nobody's. */
  trustedProxies: readonly string[];
  roles: ReadonlySet<Role>;
  corsOrigins: readonly string[];
  quizapiWebhookSecret: string | null;
  smtpUrl: string | null;
  /** Single sign-on; null: none. */
  oidc: OidcSettings | null;
  natsUrl: string | null;
  logLevel: 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'trace' | 'silent';
}

/** An OpenID Connect provider, as its operator registered this server there. */
export interface OidcSettings {
  /** Without a trailing slash; its `/.well-known/openid-configuration` is read. */
  issuer: string;
  clientId: string;
  clientSecret: string;
  /** On the button: "Sign in with …". */
  name: string;
}

/** The settings of a command that is no server: it may do without keys. null: neither given nor kept. */
export type CommandSettings = Omit<Settings, 'adminKey' | 'encryptionKey'> & {
  adminKey: string | null;
  encryptionKey: string | null;
};
