/**
 * One PostgreSQL for the whole run, with a migrated database that every test clones: an embedded one, or, to test another
 * version, the server in GRADEWIRE_TEST_DATABASE_URL (a URL to a database `postgres` of a superuser).
 */
import { randomBytes } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import chromium from '@sparticuz/chromium';
import pg from 'pg';
import type { TestProject } from 'vitest/node';
import { openDatabase } from '../../src/db/database.ts';
import { findCluster } from '../../src/db/embedded/cluster.ts';
import { findPostmaster, isAlive } from '../../src/db/embedded/postmaster.ts';
import { startEmbeddedPostgres } from '../../src/db/embedded/start-embedded.ts';
import { migrate } from '../../src/db/migrate.ts';
import { placeForData } from './memory.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** URL of the database that tests clone. */
    templateUrl: string;
  }
}

const PREFIX = 'gradewire-test-';
const quiet = { info() {}, warn: console.warn, error: console.error };

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  // As bin/gradewire.mjs sets it, for the processes that tests start without it.
  process.env.NODE_COMPILE_CACHE ??= fileURLToPath(new URL('../../node_modules/.cache/gradewire', import.meta.url));
  // Unpacked once, before two workers can do it at the same time and one starts what the other has half written.
  await chromium.executablePath();
  const external = process.env.GRADEWIRE_TEST_DATABASE_URL;
  const server = external === undefined ? await startEmbedded() : await useExternal(external);
  const template = openDatabase({ url: server.url, max: 1, name: 'template' });
  await migrate(template);
  await template.close();
  project.provide('templateUrl', server.url);
  return server.stop;
}

interface Server {
  url: string;
  stop(): Promise<void>;
}

async function startEmbedded(): Promise<Server> {
  const place = placeForData();
  removeLeftovers(place);
  const dataDir = mkdtempSync(path.join(place, `${PREFIX}${process.pid}-`));
  const postgres = await startEmbeddedPostgres({
    dataDir,
    log: quiet,
    // Many pools at once, none of them large.
    settings: { max_connections: '200', shared_buffers: '64MB', max_wal_size: '1GB' },
  });
  return {
    url: postgres.url,
    async stop() {
      await postgres.stop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

/** A run that was killed left its PostgreSQL behind. */
function removeLeftovers(place: string): void {
  for (const name of readdirSync(place).filter((entry) => entry.startsWith(PREFIX))) {
    const owner = Number(name.slice(PREFIX.length).split('-')[0]);
    if (!Number.isInteger(owner) || isAlive(owner)) continue;
    const dataDir = path.join(place, name);
    const cluster = findCluster(dataDir);
    const orphan = cluster === null ? null : findPostmaster(cluster);
    if (orphan !== null) process.kill(orphan.pid, 'SIGQUIT');
    rmSync(dataDir, { recursive: true, force: true, maxRetries: 3 });
  }
}

async function useExternal(url: string): Promise<Server> {
  const name = `gradewire_template_${randomBytes(6).toString('hex')}`;
  await runOn(url, `CREATE DATABASE ${name} TEMPLATE template0 ENCODING 'UTF8'`);
  return { url: url.replace(/\/[^/]*$/, `/${name}`), stop: () => runOn(url, `DROP DATABASE ${name} WITH (FORCE)`) };
}

async function runOn(url: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(sql);
  await client.end();
}
