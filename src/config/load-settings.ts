/** Environment → checked, frozen settings. A wrong value throws one sentence that names the variable. */
import path from 'node:path';
import { findKeys, type Keys, keyProblem, loadOrCreateKeys } from './keys.ts';
import { parseCidr } from './parse-cidr.ts';
import type { CommandSettings, OidcSettings, Role, Settings } from './settings.ts';

/** Like process.env. An empty value counts as unset: that is how compose files leave a variable out. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** A value of the environment that cannot be used. The message is for the person who set it. */
export class SettingsError extends Error {
  readonly variable: string;

  constructor(variable: string, problem: string) {
    super(`${variable} ${problem}.`);
    this.name = 'SettingsError';
    this.variable = variable;
  }
}

const ROLES: readonly Role[] = ['ingest', 'worker', 'api'];
const LOG_LEVELS: readonly Settings['logLevel'][] = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'];

/**
 * Reads every variable of the contract's table, for a server. With an embedded database (no DATABASE_URL) keys that are not
 * given are read from the data directory, or made there before its database is.
 */
export function loadSettings(env: Environment): Settings {
  const checked = readAllButKeys(env);
  // Last, because it may write files: a start that any other value stops must leave nothing behind.
  return Object.freeze({ ...checked, ...serverKeys(env, checked) });
}

/**
 * The same for a command that uses the database beside, before or without a server: it needs no admin key, and where there
 * is a database already it makes no keys, for they could not be that database's.
 */
export function loadCommandSettings(env: Environment): CommandSettings {
  const checked = readAllButKeys(env);
  const given = readKeys(env);
  if (checked.databaseUrl !== null) return Object.freeze({ ...checked, ...given, adminKeyGenerated: false });
  return Object.freeze({
    ...checked,
    ...(loadOrCreateKeys(checked.dataDir, given) ?? findKeys(checked.dataDir, given)),
  });
}

/** The settings of a server that listens on `port`: with PORT=0 the default public URL is known only then. */
export function settingsAtPort(settings: Settings, port: number): Settings {
  if (settings.publicUrl !== defaultPublicUrl(settings.host, settings.port)) return settings;
  return Object.freeze({ ...settings, publicUrl: defaultPublicUrl(settings.host, port) });
}

/** What is set and not used by this version, a sentence each: silence would look like a feature that works. */
export function unusedSettings(settings: Pick<Settings, 'natsUrl'>): string[] {
  const sentences: string[] = [];
  if (settings.natsUrl !== null)
    sentences.push(
      'NATS_URL is set, but this version does not use JetStream yet: webhooks go straight to the database.',
    );
  return sentences;
}

/** What to do when a data directory has a database but not the key that it was made with. */
export function missingKey(name: 'GRADEWIRE_ADMIN_KEY' | 'GRADEWIRE_ENCRYPTION_KEY', settings: Where): SettingsError {
  const where =
    settings.databaseUrl !== null
      ? 'but must be when DATABASE_URL is: several servers may share that database, so none makes keys of its own; take one from `openssl rand -hex 32` and give every server the same'
      : `and ${settings.dataDir} keeps no such key, though it holds a database: set it to the key that this database was first started with`;
  return new SettingsError(name, `is not set, ${where}`);
}

type Where = Pick<Settings, 'databaseUrl' | 'dataDir'>;

function readAllButKeys(env: Environment): Omit<Settings, 'adminKey' | 'encryptionKey' | 'adminKeyGenerated'> {
  const databaseUrl = readUrl(
    env,
    'DATABASE_URL',
    ['postgres:', 'postgresql:'],
    'postgres://user:password@host:5432/database',
  );
  const host = readHost(env);
  const port = readPort(env);
  const previousAdminKey = readKey(env, 'GRADEWIRE_ADMIN_KEY_PREVIOUS');
  return {
    databaseUrl,
    dataDir: path.resolve(read(env, 'GRADEWIRE_DATA_DIR') ?? '.gradewire'),
    host,
    port,
    publicUrl: readPublicUrl(env) ?? defaultPublicUrl(host, port),
    allowPrivateEndpoints: readPrivateEndpoints(env),
    trustedProxies: readNetworks('GRADEWIRE_TRUSTED_PROXIES', read(env, 'GRADEWIRE_TRUSTED_PROXIES') ?? '', 'give'),
    roles: readRoles(env),
    corsOrigins: readOrigins(env),
    quizapiWebhookSecret: read(env, 'QUIZAPI_WEBHOOK_SECRET'),
    smtpUrl: readUrl(env, 'SMTP_URL', ['smtp:', 'smtps:'], 'smtp://user:password@mail.example.com:587'),
    oidc: readOidc(env),
    natsUrl: readUrl(env, 'NATS_URL', ['nats:', 'tls:', 'ws:', 'wss:'], 'nats://localhost:4222'),
    logLevel: readLogLevel(env),
    ...(previousAdminKey === null ? {} : { previousAdminKey }),
  };
}

/** Where the server is when PUBLIC_URL is not set. */
function defaultPublicUrl(host: string, port: number): string {
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
}

function serverKeys(env: Environment, where: Where): Keys {
  const given = readKeys(env);
  if (where.databaseUrl === null) {
    const made = loadOrCreateKeys(where.dataDir, given);
    if (made !== null) return made;
  }
  const found = where.databaseUrl === null ? findKeys(where.dataDir, given) : given;
  if (found.adminKey === null) throw missingKey('GRADEWIRE_ADMIN_KEY', where);
  if (found.encryptionKey === null) throw missingKey('GRADEWIRE_ENCRYPTION_KEY', where);
  return { adminKey: found.adminKey, encryptionKey: found.encryptionKey, adminKeyGenerated: false };
}

function readKeys(env: Environment): { adminKey: string | null; encryptionKey: string | null } {
  return {
    adminKey: readKey(env, 'GRADEWIRE_ADMIN_KEY'),
    encryptionKey: readKey(env, 'GRADEWIRE_ENCRYPTION_KEY'),
  };
}

function read(env: Environment, name: string): string | null {
  const value = env[name]?.trim() ?? '';
  return value === '' ? null : value;
}

function readKey(env: Environment, name: string): string | null {
  const key = read(env, name);
  const problem = key === null ? null : keyProblem(key);
  if (problem !== null) throw new SettingsError(name, problem);
  return key;
}

function readHost(env: Environment): string {
  const host = read(env, 'HOST') ?? '127.0.0.1';
  if (!/^[A-Za-z0-9._:%-]+$/.test(host)) {
    throw new SettingsError(
      'HOST',
      `is \`${host}\`; give the address or name to listen on alone, such as 127.0.0.1, :: or 0.0.0.0`,
    );
  }
  return host;
}

function readPort(env: Environment): number {
  const text = read(env, 'PORT') ?? '8080';
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > 65_535) {
    throw new SettingsError('PORT', `is \`${text}\`; give a number from 0 (any free port) to 65535`);
  }
  return port;
}

/** The value is not repeated in the message where it may hold a password. */
function readUrl(env: Environment, name: string, protocols: readonly string[], example: string): string | null {
  const value = read(env, name);
  if (value === null) return null;
  if (!protocols.some((protocol) => value.startsWith(`${protocol}//`))) {
    throw new SettingsError(
      name,
      `does not begin with ${protocols.map((p) => `${p}//`).join(' or ')}; write it like ${example}`,
    );
  }
  // node-postgres takes URLs without a host (a socket is meant); WHATWG URLs do not.
  if (!URL.canParse(value) && !URL.canParse(value.replace('@/', '@localhost/'))) {
    throw new SettingsError(
      name,
      `is not a URL; write it like ${example}, and percent-encode special characters of the password`,
    );
  }
  return value;
}

function readPublicUrl(env: Environment): string | null {
  const value = read(env, 'PUBLIC_URL');
  if (value === null) return null;
  const url = URL.canParse(value) ? new URL(value) : null;
  if (
    url === null ||
    !['http:', 'https:'].includes(url.protocol) ||
    url.search !== '' ||
    url.hash !== '' ||
    url.username !== ''
  ) {
    throw new SettingsError(
      'PUBLIC_URL',
      `is \`${value}\`; give the http(s) URL at which others reach this server, such as https://hooks.example.com`,
    );
  }
  return `${url.origin}${url.pathname}`.replace(/\/+$/, '');
}

/** All three or none: half a provider would be a button that leads nowhere. */
function readOidc(env: Environment): OidcSettings | null {
  const names = ['GRADEWIRE_OIDC_ISSUER', 'GRADEWIRE_OIDC_CLIENT_ID', 'GRADEWIRE_OIDC_CLIENT_SECRET'] as const;
  const [issuer, clientId, clientSecret] = names.map((name) => read(env, name));
  if (!issuer && !clientId && !clientSecret) return null;
  if (!issuer || !clientId || !clientSecret) {
    const missing = names.filter((name) => read(env, name) === null);
    throw new SettingsError(missing[0] ?? names[0], `is not set; single sign-on needs ${names.join(', ')} together`);
  }
  const url = URL.canParse(issuer) ? new URL(issuer) : null;
  // Plain http only on this machine: whoever sits in between could be anybody.
  const local = url !== null && ['localhost', '127.0.0.1', '[::1]'].includes(url.hostname);
  if (url === null || url.search !== '' || !(url.protocol === 'https:' || (url.protocol === 'http:' && local))) {
    throw new SettingsError(
      'GRADEWIRE_OIDC_ISSUER',
      `is \`${issuer}\`; give the https URL of the provider, such as https://login.example.org/realms/school`,
    );
  }
  return Object.freeze({
    issuer: issuer.replace(/\/+$/, ''),
    clientId,
    clientSecret,
    name: read(env, 'GRADEWIRE_OIDC_NAME') ?? url.hostname,
  });
}

function readPrivateEndpoints(env: Environment): boolean | readonly string[] {
  const value = read(env, 'GRADEWIRE_ALLOW_PRIVATE_ENDPOINTS') ?? 'false';
  if (value === 'true') return true;
  if (value === 'false') return false;
  return readNetworks('GRADEWIRE_ALLOW_PRIVATE_ENDPOINTS', value, 'give true, false, or');
}

/** `what`: how the advice to somebody who gave no network begins. */
function readNetworks(name: string, value: string, what: string): readonly string[] {
  return Object.freeze(
    list(value).map((text) => {
      const cidr = parseCidr(text);
      if (cidr === null) throw new SettingsError(name, `has \`${text}\`; ${what} networks such as 10.0.0.0/8,fd00::/8`);
      return cidr;
    }),
  );
}

function readRoles(env: Environment): ReadonlySet<Role> {
  const names = list(read(env, 'GRADEWIRE_ROLE') ?? 'all');
  const which = `give all, or a list of ${ROLES.join(', ')}`;
  // A process without a part would start, say that it is ready, and do nothing.
  if (names.length === 0) throw new SettingsError('GRADEWIRE_ROLE', `names no part; ${which}`);
  return new Set(
    names.flatMap((name) => {
      if (name === 'all') return ROLES;
      const role = ROLES.find((known) => known === name);
      if (role === undefined) throw new SettingsError('GRADEWIRE_ROLE', `has \`${name}\`; ${which}`);
      return [role];
    }),
  );
}

function readOrigins(env: Environment): readonly string[] {
  return Object.freeze(
    list(read(env, 'GRADEWIRE_CORS_ORIGINS') ?? '').map((text) => {
      const url = URL.canParse(text) ? new URL(text) : null;
      if (
        url === null ||
        !['http:', 'https:'].includes(url.protocol) ||
        !['', '/'].includes(url.pathname) ||
        url.search !== ''
      ) {
        throw new SettingsError(
          'GRADEWIRE_CORS_ORIGINS',
          `has \`${text}\`; give origins with their scheme and nothing after the host, such as https://dashboard.example.com`,
        );
      }
      return url.origin;
    }),
  );
}

function readLogLevel(env: Environment): Settings['logLevel'] {
  const value = read(env, 'LOG_LEVEL') ?? 'info';
  const level = LOG_LEVELS.find((known) => known === value);
  if (level === undefined)
    throw new SettingsError('LOG_LEVEL', `is \`${value}\`; give one of ${LOG_LEVELS.join(', ')}`);
  return level;
}

function list(value: string): string[] {
  return value.split(/[\s,]+/).filter((part) => part !== '');
}
