import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Listener } from '../../src/db/listen.ts';
import { listen } from '../../src/db/listen.ts';
import type { TestDatabase } from '../helpers/database.ts';
import { createTestDatabase } from '../helpers/database.ts';
import { until } from '../helpers/until.ts';

const log = { info() {}, warn() {}, error() {} };
let database: TestDatabase;
let listener: Listener | undefined;
let heard: (string | null)[] = [];

beforeEach(async () => {
  database = await createTestDatabase();
  heard = [];
});
afterEach(async () => {
  await listener?.close();
  await database.drop();
});

function start(url: string): void {
  listener = listen(
    url,
    ['one', 'Two'],
    (channel, payload) => heard.push(channel === null ? null : `${channel}:${payload}`),
    { log },
  );
}

test('tells every notification of its channels, and the connect itself', async () => {
  start(database.url);
  await until('the listener is connected', () => heard.length > 0);
  await database.db.query(`SELECT pg_notify('one', 'a'), pg_notify('Two', 'b'), pg_notify('other', 'c')`);
  await until('both arrive', () => heard.length >= 3);
  expect(heard).toEqual([null, 'one:a', 'Two:b']);
});

test('comes back after its connection is killed, and says that something may have been missed', async () => {
  start(database.url);
  for (let round = 1; round <= 3; round += 1) {
    await until('the listener is connected', () => heard.length >= round * 2 - 1);
    await database.db.query(`SELECT pg_notify('one', $1)`, [String(round)]);
    await until('the notification arrives', () => heard.length >= round * 2);
    await database.db.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
       WHERE datname = current_database() AND application_name = 'gradewire listen'`,
    );
  }
  await until('the listener is connected again', () => heard.length >= 7);
  expect(heard).toEqual([null, 'one:1', null, 'one:2', null, 'one:3', null]);
});

test('starts while the database is away and says nothing after close', async () => {
  const away = new URL(database.url);
  away.pathname = '/not_there_yet';
  start(away.href);
  await listener?.close();
  expect(heard).toEqual([]);

  start(database.url);
  await until('the listener is connected', () => heard.length > 0);
  await listener?.close();
  await database.db.query(`SELECT pg_notify('one', 'late')`);
  expect(heard).toEqual([null]);
});
