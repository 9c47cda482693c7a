/** The app on a test database, with keys of every role. Nothing listens: requests go in by `inject`. */
import { pino } from 'pino';
import { Registry } from 'prom-client';
import { createAccounts } from '../../src/accounts/auth.ts';
import type { Settings } from '../../src/config/settings.ts';
import { secretBox } from '../../src/core/encryption.ts';
import type { Database } from '../../src/db/database.ts';
import { guardedHttp } from '../../src/delivery/http/client.ts';
import { buildApp } from '../../src/http/app.ts';
import type { App, HttpContext, Role } from '../../src/http/context.ts';
import { createKeyring } from '../../src/http/keyring.ts';
import { createLiveHub } from '../../src/live/hub.ts';
import { createTestDatabase } from './database.ts';
import { contractOf } from './fits-contract.ts';

export const ADMIN_KEY = 'an admin key that only tests know, 32+';

export interface TestApp {
  app: App;
  db: Database;
  /** Of the database. */
  url: string;
  context: HttpContext;
  /** Every line that was logged, at any level. */
  log: string[];
  /** An answer to a request with a key (the admin's unless told otherwise; null: none); fails when it breaks its schema. */
  call(method: Method, url: string, options?: { body?: object | undefined; key?: string | null }): Promise<Answer>;
  /** Makes a key of that role. */
  keyFor(role: Role, learner?: string): Promise<string>;
  close(): Promise<void>;
}

export type Method = 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'OPTIONS';

export interface Answer {
  status: number;
  headers: Record<string, unknown>;
  text: string;
  /** The body, parsed; read it with `field` or compare it whole. */
  json: unknown;
}

/** Starts it; `overrides` replaces parts of the context. */
export async function createTestApp(overrides: Partial<HttpContext> = {}): Promise<TestApp> {
  const database = await createTestDatabase();
  const { db } = database;
  const lines: string[] = [];
  const log = pino({ level: 'trace' }, { write: (line: string) => lines.push(line) });
  const registry = new Registry();
  const { allowPrivateEndpoints: allowPrivate } = overrides.settings ?? testSettings();
  const outgoing = guardedHttp({ allowPrivate });
  const context: HttpContext = {
    db,
    settings: testSettings(),
    box: secretBox('an encryption key that only tests know'),
    keyring: createKeyring({ db, adminKey: ADMIN_KEY, log }),
    accounts: createAccounts({ db, settings: overrides.settings ?? testSettings(), mailer: null, outgoing, log }),
    mailer: null,
    outgoing,
    live: overrides.live ?? createLiveHub({ db, url: database.url, log, registry }),
    registry,
    version: '0.0.0-test',
    log,
    webDir: '/nonexistent',
    ingestOrigin: () => 'http://127.0.0.1:9',
    ...overrides,
  };
  const app = buildApp(context);
  await app.ready();
  const contract = contractOf(app);
  const call: TestApp['call'] = async (method, url, options = {}) => {
    const key = options.key === undefined ? ADMIN_KEY : options.key;
    const response = await app.inject({
      method,
      url,
      headers: key === null ? {} : { authorization: `Bearer ${key}` },
      ...(options.body === undefined ? {} : { payload: options.body }),
    });
    const json: unknown = /\/json/.test(String(response.headers['content-type']))
      ? JSON.parse(response.payload)
      : undefined;
    if (json !== undefined) contract.check(method, url, response.statusCode, json);
    return { status: response.statusCode, headers: response.headers, text: response.payload, json };
  };
  return {
    app,
    db,
    url: database.url,
    context,
    log: lines,
    call,
    async keyFor(role, learner) {
      const answer = await call('POST', '/api/v1/keys', { body: { name: `test ${role}`, role, learner } });
      return textAt(answer.json, 'key');
    },
    async close() {
      await app.close();
      await database.drop();
    },
  };
}

/** A text in an answer, by its path (`data.0.id`); throws when there is none. */
export function textAt(json: unknown, path: string): string {
  const value = at(json, path);
  if (typeof value !== 'string') throw new Error(`There is no text at ${path} in ${JSON.stringify(json)}.`);
  return value;
}

/** Whatever stands at a path (`data.0.source`) of an answer; undefined when nothing does. */
export function at(json: unknown, path: string): unknown {
  let value = json;
  for (const name of path.split('.')) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = Reflect.get(value, name);
  }
  return value;
}

/** Settings as tests need them; nothing of them is read from the environment. */
export function testSettings(): Settings {
  return {
    databaseUrl: null,
    dataDir: '/nonexistent',
    host: '127.0.0.1',
    port: 8080,
    publicUrl: 'http://127.0.0.1:8080',
    adminKey: ADMIN_KEY,
    encryptionKey: 'an encryption key that only tests know',
    allowPrivateEndpoints: false,
    trustedProxies: [],
    roles: new Set(['api']),
    corsOrigins: ['https://dashboard.example'],
    quizapiWebhookSecret: null,
    smtpUrl: null,
    oidc: null,
    natsUrl: null,
    logLevel: 'trace',
  };
}
