/**
 * The only file that wires things together: settings → a running server. What is started here is stopped here, in the
 * opposite order, the database last.
 */
import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { type Logger, pino } from 'pino';
import { Registry } from 'prom-client';
import { createAccounts } from './accounts/auth.ts';
import { keepKeys } from './config/keys.ts';
import { settingsAtPort, unusedSettings } from './config/load-settings.ts';
import type { Settings } from './config/settings.ts';
import { VERSION } from './config/version.ts';
import { type SecretBox, secretBox } from './core/encryption.ts';
import { GradewireError } from './core/errors.ts';
import { checkKeys } from './db/check-keys.ts';
import { checkServer } from './db/check-server.ts';
import { type Database, openDatabase } from './db/database.ts';
import { type EmbeddedPostgres, startEmbeddedPostgres } from './db/embedded/start-embedded.ts';
import { migrate } from './db/migrate.ts';
import { reachDatabase } from './db/reach-database.ts';
import { guardedHttp } from './delivery/http/client.ts';
import { buildApp } from './http/app.ts';
import { createKeyring } from './http/keyring.ts';
import { createIngest } from './ingest/ingest.ts';
import { INGEST_PREFIX } from './ingest/target.ts';
import { testMarks } from './ingest/test-marks.ts';
import { createLiveHub } from './live/hub.ts';
import { createMailer } from './mail/mailer.ts';
import { tombstoneKey } from './people/tombstones.ts';
import { createSource } from './sources/create-source.ts';
import { findSourcesBySlug } from './sources/find-sources-by-slug.ts';
import { startSender } from './worker/start-sender.ts';
import { startWorkerThread } from './worker/start-thread.ts';

export interface Server {
  /** Where it listens, e.g. `http://127.0.0.1:8080`. */
  url: string;
  /** Drains and ends: nothing accepted is lost. */
  close(): Promise<void>;
}

/** Where `npm run web:build` puts the dashboard. */
const WEB_DIR = fileURLToPath(new URL('../web/dist/', import.meta.url));
/** For the API and its reports. */
const API_CONNECTIONS = 8;
/** Streams must not wait for a connection behind reports. */
const FEED_CONNECTIONS = 3;
/** A batch this large amortises its ten statements and one commit; larger ones only add latency. */
const BATCH = 500;
/** A sender that takes longer for its headers or body is not one of the platforms. */
const REQUEST_TIMEOUT_MS = 30_000;
/** What idle clients are given to notice the end before they are cut. */
const CLOSE_MS = 2_000;

/** Starts everything the roles ask for. Throws a sentence when it cannot; nothing is left running then. */
export async function startServer(settings: Settings, options: { log?: Logger } = {}): Promise<Server> {
  const log = options.log ?? pino({ level: settings.logLevel }, pino.destination(2));
  const stops: (() => Promise<unknown>)[] = [];
  const stopAll = async () => {
    for (const stop of stops.reverse()) await stop();
  };
  try {
    const url = await start(settings, log, stops);
    let closed: Promise<void> | undefined;
    return {
      url,
      close: () => {
        closed ??= stopAll();
        return closed;
      },
    };
  } catch (error) {
    await stopAll();
    throw error;
  }
}

async function start(given: Settings, log: Logger, stops: (() => Promise<unknown>)[]): Promise<string> {
  for (const sentence of unusedSettings(given)) log.warn(sentence);
  const embedded = given.databaseUrl === null ? await startEmbedded(given, log) : null;
  if (embedded !== null) stops.push(() => embedded.stop());
  const databaseUrl = embedded?.url ?? given.databaseUrl ?? '';
  const db = openDatabase({ url: databaseUrl, max: API_CONNECTIONS, name: 'api', failsWhenFrozen: true });
  stops.push(() => db.close());
  await reachDatabase(db, given);
  await checkServer(db);
  await migrate(db);
  await checkKeys(db, given);
  if (embedded !== null) keepKeys(given.dataDir, given);
  const box = secretBox(given.encryptionKey);
  await makeGuideSource(db, box, given);

  const { server, address, serve } = await listen(given, stops);
  const settings = settingsAtPort(given, address.port);
  const origin = `http://${loopback(address.address)}:${address.port}`;
  const registry = new Registry();
  const { roles } = settings;

  const feed = openDatabase({ url: databaseUrl, max: FEED_CONNECTIONS, name: 'feed', failsWhenFrozen: true });
  stops.push(() => feed.close());
  const live = createLiveHub({ db: feed, url: databaseUrl, log, registry });
  stops.push(() => live.close());
  const mailer = createMailer(settings);
  stops.push(async () => mailer?.close());
  const outgoing = guardedHttp({ allowPrivate: settings.allowPrivateEndpoints });
  stops.push(() => outgoing.close());
  const app = buildApp({
    db,
    settings,
    box,
    keyring: createKeyring({ db, adminKey: settings.adminKey, log }),
    accounts: createAccounts({ db, settings, mailer, outgoing, log }),
    mailer,
    outgoing,
    live,
    registry,
    version: VERSION,
    log,
    webDir: WEB_DIR,
    ingestOrigin: () => origin,
  });
  await app.ready();
  stops.push(() => app.close());

  // Only now: while modules load the thread is busy for seconds on a slow machine, and connections would time out for nothing.
  let wake: () => void = () => {};
  const ingest = roles.has('ingest')
    ? createIngest({
        databaseUrl,
        box,
        testMarks: testMarks(settings.encryptionKey),
        registry,
        log,
        onStored: () => wake(),
      })
    : null;
  if (ingest !== null) stops.push(() => ingest.close());

  if (roles.has('worker')) {
    const waiting = () => ingest?.inFlight() ?? 0;
    const worker = startWorkerThread(
      { databaseUrl, logLevel: log.level, batch: BATCH, tombstoneKey: tombstoneKey(settings.encryptionKey) },
      { log, waiting },
    );
    wake = () => worker.wake();
    const sender = startSender(
      {
        databaseUrl,
        logLevel: log.level,
        encryptionKey: settings.encryptionKey,
        publicUrl: settings.publicUrl,
        smtpUrl: settings.smtpUrl,
        allowPrivate: settings.allowPrivateEndpoints,
        version: VERSION,
      },
      { db, log },
    );
    stops.push(() => Promise.all([worker.stop(), sender.stop()]));
  }

  stops.push(async () => {
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    await ingest?.drain();
    await live.close();
    server.closeIdleConnections();
    const cut = setTimeout(() => {
      server.closeAllConnections();
      ingest?.cut();
    }, CLOSE_MS);
    await closed;
    clearTimeout(cut);
  });
  ingest?.standBefore(server);
  serve((req, res) => {
    if (ingest !== null && req.url?.startsWith(INGEST_PREFIX) === true) ingest.handle(req, res);
    else app.routing(req, res);
  });
  return origin;
}

/**
 * Listens before there is anything to answer with, because URLs that the app shows hold the port, and PORT=0 is settled only
 * by listening. Requests that come before `serve` wait for it, a moment; a start that fails cuts them.
 */
async function listen(settings: Settings, stops: (() => Promise<unknown>)[]) {
  const early: Parameters<http.RequestListener>[] = [];
  let handle: http.RequestListener = (req, res) => void early.push([req, res]);
  const options = { requestTimeout: REQUEST_TIMEOUT_MS, keepAliveTimeout: 65_000 };
  const server = http.createServer(options, (req, res) => handle(req, res));
  server.listen(settings.port, settings.host);
  await once(server, 'listening').catch((cause: NodeJS.ErrnoException) => {
    throw listenError(settings, cause);
  });
  stops.push(async () => {
    server.close();
    server.closeAllConnections();
  });
  const serve = (handler: http.RequestListener): void => {
    handle = handler;
    for (const [req, res] of early.splice(0)) handler(req, res);
  };
  return { server, address: server.address() as AddressInfo, serve };
}

async function startEmbedded(settings: Settings, log: Logger): Promise<EmbeddedPostgres> {
  return startEmbeddedPostgres({ dataDir: settings.dataDir, log });
}

/** QUIZAPI_WEBHOOK_SECRET, the guide's own setting, makes the source `quizapi` when there is none. */
async function makeGuideSource(db: Database, box: SecretBox, settings: Settings): Promise<void> {
  const secret = settings.quizapiWebhookSecret;
  if (secret === null) return;
  const known = await findSourcesBySlug(db, box, ['quizapi']);
  if (known.has('quizapi')) return;
  try {
    await createSource(db, box, { workspace: 1, provider: 'quizapi', slug: 'quizapi', secret });
  } catch (error) {
    if (!(error instanceof GradewireError)) throw error;
    // Another process that starts at the same moment was first.
    if (error.code === 'conflict') return;
    const [detail] = error.details ?? [];
    throw new Error(`QUIZAPI_WEBHOOK_SECRET cannot be the secret of a source: ${detail?.message ?? error.message}`, {
      cause: error,
    });
  }
}

function listenError(settings: Settings, cause: NodeJS.ErrnoException): Error {
  const where = `${settings.host}:${settings.port}`;
  if (cause.code === 'EADDRINUSE') {
    return new Error(
      `PORT ${settings.port} is taken: something else listens on ${where}. Stop it, or set PORT to another number.`,
      { cause },
    );
  }
  if (cause.code === 'EACCES')
    return new Error(`PORT ${settings.port} may not be opened by this user. Set PORT to 1024 or above.`, { cause });
  return new Error(`HOST and PORT name an address that cannot be listened on (${where}: ${cause.message}).`, { cause });
}

/** An address of this machine by which it reaches itself. */
function loopback(address: string): string {
  if (address === '0.0.0.0') return '127.0.0.1';
  if (address === '::') return '[::1]';
  return address.includes(':') ? `[${address}]` : address;
}
