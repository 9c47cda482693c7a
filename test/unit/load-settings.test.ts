import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { keepKeys } from '../../src/config/keys.ts';
import {
  loadCommandSettings,
  loadSettings,
  SettingsError,
  settingsAtPort,
  unusedSettings,
} from '../../src/config/load-settings.ts';

const KEY_A = 'a'.repeat(32);
const KEY_B = 'b'.repeat(32);
const EXTERNAL = {
  DATABASE_URL: 'postgres://u:p@db.example.com/gradewire',
  GRADEWIRE_ADMIN_KEY: KEY_A,
  GRADEWIRE_ENCRYPTION_KEY: KEY_B,
};

let base: string;
let dataDir: string;
beforeEach(() => {
  base = mkdtempSync(path.join(tmpdir(), 'gradewire-settings-'));
  dataDir = path.join(base, 'data');
});
afterEach(() => rmSync(base, { recursive: true, force: true }));

test('nothing set: the defaults of the contract, keys made once, readable by one user', () => {
  const first = loadSettings({ GRADEWIRE_DATA_DIR: dataDir });
  expect(first).toMatchObject({
    databaseUrl: null,
    dataDir,
    host: '127.0.0.1',
    port: 8080,
    publicUrl: 'http://127.0.0.1:8080',
    adminKeyGenerated: true,
    allowPrivateEndpoints: false,
    trustedProxies: [],
    corsOrigins: [],
    quizapiWebhookSecret: null,
    smtpUrl: null,
    oidc: null,
    natsUrl: null,
    logLevel: 'info',
  });
  expect([...first.roles].sort()).toEqual(['api', 'ingest', 'worker']);
  expect(first.adminKey.length).toBeGreaterThanOrEqual(32);
  expect(first.encryptionKey.length).toBeGreaterThanOrEqual(32);
  expect(first.adminKey).not.toBe(first.encryptionKey);
  expect(statSync(dataDir).mode & 0o777).toBe(0o700);
  for (const name of readdirSync(dataDir)) expect(statSync(path.join(dataDir, name)).mode & 0o777, name).toBe(0o600);

  const second = loadSettings({ GRADEWIRE_DATA_DIR: dataDir });
  expect(second).toMatchObject({
    adminKey: first.adminKey,
    encryptionKey: first.encryptionKey,
    adminKeyGenerated: false,
  });
  expect(Object.isFrozen(second)).toBe(true);
});

test('the data directory is .gradewire below the working directory', () => {
  expect(loadSettings({ ...EXTERNAL }).dataDir).toBe(path.resolve('.gradewire'));
});

test('every variable is read', () => {
  const settings = loadSettings({
    ...EXTERNAL,
    HOST: '::',
    PORT: '0',
    PUBLIC_URL: 'https://hooks.example.com/gradewire/',
    GRADEWIRE_ALLOW_PRIVATE_ENDPOINTS: '10.0.0.0/8, fd00::/8 192.168.1.5',
    GRADEWIRE_TRUSTED_PROXIES: '127.0.0.1, 10.0.0.0/8 fd00::/8',
    GRADEWIRE_ROLE: 'ingest,api',
    GRADEWIRE_CORS_ORIGINS: 'https://a.example.com, http://localhost:3000/',
    QUIZAPI_WEBHOOK_SECRET: 'topsecret',
    SMTP_URL: 'smtps://u:p@mail.example.com',
    GRADEWIRE_OIDC_ISSUER: 'https://login.example.org/realms/school/',
    GRADEWIRE_OIDC_CLIENT_ID: 'gradewire',
    GRADEWIRE_OIDC_CLIENT_SECRET: 'secret',
    NATS_URL: 'nats://localhost:4222',
    LOG_LEVEL: 'debug',
  });
  expect(settings).toMatchObject({
    databaseUrl: EXTERNAL.DATABASE_URL,
    adminKey: KEY_A,
    encryptionKey: KEY_B,
    host: '::',
    port: 0,
    publicUrl: 'https://hooks.example.com/gradewire',
    allowPrivateEndpoints: ['10.0.0.0/8', 'fd00::/8', '192.168.1.5/32'],
    trustedProxies: ['127.0.0.1/32', '10.0.0.0/8', 'fd00::/8'],
    corsOrigins: ['https://a.example.com', 'http://localhost:3000'],
    quizapiWebhookSecret: 'topsecret',
    smtpUrl: 'smtps://u:p@mail.example.com',
    oidc: {
      issuer: 'https://login.example.org/realms/school',
      clientId: 'gradewire',
      clientSecret: 'secret',
      name: 'login.example.org',
    },
    natsUrl: 'nats://localhost:4222',
    logLevel: 'debug',
  });
  expect([...settings.roles]).toEqual(['ingest', 'api']);
  expect(existsSync('.gradewire/admin-key')).toBe(false);
});

test('an address of IPv6 stands in brackets in the URL; a socket URL without a host is a database URL', () => {
  expect(loadSettings({ ...EXTERNAL, HOST: '::1', PORT: '1' }).publicUrl).toBe('http://[::1]:1');
  const DATABASE_URL = 'postgresql://u:p@/gradewire?host=/run/postgresql';
  expect(loadSettings({ ...EXTERNAL, DATABASE_URL }).databaseUrl).toBe(DATABASE_URL);
});

test('an empty variable is an unset one', () => {
  const env = {
    DATABASE_URL: '',
    GRADEWIRE_DATA_DIR: dataDir,
    PORT: ' ',
    GRADEWIRE_ADMIN_KEY: '',
    GRADEWIRE_ROLE: '',
    LOG_LEVEL: '',
  };
  expect(loadSettings(env)).toMatchObject({ databaseUrl: null, port: 8080, logLevel: 'info' });
});

test('given keys come before those that the data directory keeps', () => {
  const settings = loadSettings({ GRADEWIRE_DATA_DIR: dataDir, GRADEWIRE_ADMIN_KEY: KEY_A });
  expect(settings).toMatchObject({ adminKey: KEY_A, adminKeyGenerated: false });
  expect(readdirSync(dataDir)).toEqual(['encryption-key']);
  expect(readFileSync(path.join(dataDir, 'encryption-key'), 'utf8').trim()).toBe(settings.encryptionKey);
  keepKeys(dataDir, settings);
  expect(statSync(path.join(dataDir, 'admin-key')).mode & 0o777).toBe(0o600);
  expect(loadSettings({ GRADEWIRE_DATA_DIR: dataDir }).adminKey).toBe(KEY_A);
  keepKeys(dataDir, { ...settings, adminKey: KEY_B });
  expect(loadSettings({ GRADEWIRE_DATA_DIR: dataDir }).adminKey).toBe(KEY_B);
});

test('where a database is, no keys are made: a server says which to give, a command does without', () => {
  mkdirSync(path.join(dataDir, 'postgres'), { recursive: true });
  writeFileSync(path.join(dataDir, 'postgres', 'PG_VERSION'), '18\n');
  const env = { GRADEWIRE_DATA_DIR: dataDir };
  expect(() => loadSettings(env)).toThrow(/^GRADEWIRE_ADMIN_KEY is not set, and .*: set it to .*\.$/);
  expect(() => loadSettings({ ...env, GRADEWIRE_ADMIN_KEY: KEY_A })).toThrow(/^GRADEWIRE_ENCRYPTION_KEY is not set/);
  expect(loadCommandSettings(env)).toMatchObject({ adminKey: null, encryptionKey: null, adminKeyGenerated: false });
  expect(readdirSync(dataDir)).toEqual(['postgres']);
});

test('a command with DATABASE_URL needs neither key by itself', () => {
  const { DATABASE_URL } = EXTERNAL;
  expect(loadCommandSettings({ DATABASE_URL })).toMatchObject({ adminKey: null, encryptionKey: null });
});

test('`all` may stand anywhere in the list of roles', () => {
  const { roles } = loadSettings({ ...EXTERNAL, GRADEWIRE_ROLE: 'ingest, all' });
  expect([...roles].sort()).toEqual(['api', 'ingest', 'worker']);
});

test('with PORT=0 the public URL follows the port; a PUBLIC_URL that is set stays', () => {
  const settings = loadSettings({ ...EXTERNAL, PORT: '0' });
  expect(settingsAtPort(settings, 4711).publicUrl).toBe('http://127.0.0.1:4711');
  const set = loadSettings({ ...EXTERNAL, PORT: '0', PUBLIC_URL: 'https://hooks.example.com' });
  expect(settingsAtPort(set, 4711).publicUrl).toBe('https://hooks.example.com');
});

test('what is set and not used yet is said, a sentence each', () => {
  expect(unusedSettings(loadSettings(EXTERNAL))).toEqual([]);
  const set = { ...EXTERNAL, NATS_URL: 'nats://u:hunter2@localhost:4222', SMTP_URL: 'smtp://mail.example.com' };
  const sentences = unusedSettings(loadSettings(set));
  expect(sentences.map((sentence) => sentence.split(' ')[0])).toEqual(['NATS_URL']);
  expect(sentences.join()).not.toContain('hunter2');
});

test.each<[string, Record<string, string | undefined>]>([
  ['DATABASE_URL', { DATABASE_URL: 'mysql://root:hunter2@localhost/x' }],
  ['DATABASE_URL', { DATABASE_URL: 'postgres://u:hunter2@host:port/x' }],
  [
    'GRADEWIRE_OIDC_CLIENT_SECRET',
    { GRADEWIRE_OIDC_ISSUER: 'https://login.example.org', GRADEWIRE_OIDC_CLIENT_ID: 'x' },
  ],
  [
    'GRADEWIRE_OIDC_ISSUER',
    {
      GRADEWIRE_OIDC_ISSUER: 'http://login.example.org',
      GRADEWIRE_OIDC_CLIENT_ID: 'x',
      GRADEWIRE_OIDC_CLIENT_SECRET: 'hunter2',
    },
  ],
  ['HOST', { HOST: 'http://localhost' }],
  ['PORT', { PORT: '80a' }],
  ['PORT', { PORT: '65536' }],
  ['PORT', { PORT: '-1' }],
  ['PORT', { PORT: '1e3' }],
  ['PUBLIC_URL', { PUBLIC_URL: 'hooks.example.com' }],
  ['PUBLIC_URL', { PUBLIC_URL: 'ftp://hooks.example.com' }],
  ['GRADEWIRE_ADMIN_KEY', { GRADEWIRE_ADMIN_KEY: 'short' }],
  ['GRADEWIRE_ADMIN_KEY', { GRADEWIRE_ADMIN_KEY: `${KEY_A} ${KEY_A}` }],
  ['GRADEWIRE_ADMIN_KEY', { GRADEWIRE_ADMIN_KEY: undefined }],
  ['GRADEWIRE_ENCRYPTION_KEY', { GRADEWIRE_ENCRYPTION_KEY: 'b'.repeat(31) }],
  ['GRADEWIRE_ENCRYPTION_KEY', { GRADEWIRE_ENCRYPTION_KEY: undefined }],
  ['GRADEWIRE_ALLOW_PRIVATE_ENDPOINTS', { GRADEWIRE_ALLOW_PRIVATE_ENDPOINTS: 'yes' }],
  ['GRADEWIRE_ALLOW_PRIVATE_ENDPOINTS', { GRADEWIRE_ALLOW_PRIVATE_ENDPOINTS: '10.0.0.0/33' }],
  ['GRADEWIRE_TRUSTED_PROXIES', { GRADEWIRE_TRUSTED_PROXIES: 'true' }],
  ['GRADEWIRE_ROLE', { GRADEWIRE_ROLE: 'ingest,boss' }],
  ['GRADEWIRE_ROLE', { GRADEWIRE_ROLE: 'all,boss' }],
  ['GRADEWIRE_ROLE', { GRADEWIRE_ROLE: ',' }],
  ['GRADEWIRE_CORS_ORIGINS', { GRADEWIRE_CORS_ORIGINS: '*' }],
  ['GRADEWIRE_CORS_ORIGINS', { GRADEWIRE_CORS_ORIGINS: 'https://a.example.com/page' }],
  ['SMTP_URL', { SMTP_URL: 'mail.example.com' }],
  ['NATS_URL', { NATS_URL: 'http://localhost' }],
  ['LOG_LEVEL', { LOG_LEVEL: 'loud' }],
])('a wrong %s stops the start with one sentence that names it and repeats no password: %j', (variable, change) => {
  const act = (): unknown => loadSettings({ ...EXTERNAL, GRADEWIRE_DATA_DIR: dataDir, ...change });
  expect(act).toThrow(SettingsError);
  expect(act).toThrow(new RegExp(`^${variable} .*[^.]\\.$`));
  expect(act).not.toThrow(/hunter2/);
  expect(existsSync(dataDir)).toBe(false);
});

test('a key file that somebody shortened stops the start with its path', () => {
  loadSettings({ GRADEWIRE_DATA_DIR: dataDir });
  writeFileSync(path.join(dataDir, 'encryption-key'), 'oops\n');
  expect(() => loadSettings({ GRADEWIRE_DATA_DIR: dataDir })).toThrow(/encryption-key has 4 characters/);
});
