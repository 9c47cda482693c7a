/** The whole way: a webhook comes in at a real server, and statements and mails go out. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../helpers/database.ts';
import { type Lrs, startLrs } from '../helpers/lrs.ts';
import { type MailServer, startMailServer } from '../helpers/mail-server.ts';
import { addPlatform } from '../helpers/platforms.ts';
import { type RealServer, startRealServer } from '../helpers/server.ts';
import { until } from '../helpers/until.ts';

let database: TestDatabase;
let server: RealServer;
let lrs: Lrs;
let mail: MailServer;

beforeAll(async () => {
  database = await createTestDatabase();
  lrs = await startLrs({ authorization: 'Bearer the-token-of-the-lrs' });
  mail = await startMailServer();
  server = await startRealServer({
    DATABASE_URL: database.url,
    SMTP_URL: mail.url,
    GRADEWIRE_ALLOW_PRIVATE_ENDPOINTS: 'true',
  });
}, 120_000);
afterAll(async () => {
  await server.stop();
  await Promise.all([lrs.close(), mail.close()]);
  await database.drop();
});

it('a completed attempt becomes statements, a mail to the learner and a notice to staff', {
  timeout: 120_000,
}, async () => {
  const made = await Promise.all(
    [
      {
        kind: 'xapi',
        url: lrs.url,
        config: { auth: { type: 'bearer', token: 'the-token-of-the-lrs' }, xapi: { version: '1.0.3', actor: 'mbox' } },
      },
      { kind: 'email', to: 'learner', eventTypes: ['attempt.completed'] },
      { kind: 'email', to: 'staff@school.example', eventTypes: ['attempt.completed'], personalData: 'none' },
    ].map((settings) => server.post<{ id: string; enabled: boolean }>('/api/v1/endpoints', settings)),
  );
  expect(made.map(({ enabled }) => enabled)).toEqual([true, true, true]);
  const platform = await addPlatform(server, 'standard');
  await platform.send('attempt.completed');

  await until('statements and both mails', () => lrs.statements.size > 0 && mail.mails.length === 2);
  expect(JSON.stringify([...lrs.statements.values()])).toContain('mailto:maria@school.example');
  const [confirmation] = mail.mails.filter(({ to }) => to[0] === 'maria@school.example');
  const [notice] = mail.mails.filter(({ to }) => to[0] === 'staff@school.example');
  expect(confirmation?.text).toContain('You have completed');
  expect(notice?.text).toContain('Attempt completed.');
  expect(notice?.text).not.toContain('Maria');

  // The link in the mail works at the server that sent it.
  const url = /<(.+)>/.exec(confirmation?.headers.get('list-unsubscribe')?.[0] ?? '')?.[1] ?? '';
  const left = await fetch(url, { method: 'POST', body: new URLSearchParams({ 'List-Unsubscribe': 'One-Click' }) });
  expect(left.status).toBe(200);
  await platform.send('attempt.completed', { attemptId: 'another' });
  await until('a mail that is skipped', async () => {
    const { data } = await server.get<{ data: { status: string }[] }>(`/api/v1/deliveries?endpoint=${made[1]?.id}`);
    return data.some(({ status }) => status === 'skipped');
  });
  await until('the second notice', () => mail.mails.length === 3);
  expect(mail.mails.filter(({ to }) => to[0] === 'maria@school.example')).toHaveLength(1);

  // A test of the endpoint goes the same way, and never to a learner.
  for (const { id } of made) await server.post(`/api/v1/endpoints/${id}/test`, { eventType: 'attempt.completed' });
  await until('the test’s mail', () => mail.mails.some(({ text }) => text.includes('This is a test of the endpoint')));
  await until('the test’s statement', () =>
    JSON.stringify([...lrs.statements.values()]).includes('/xapi/extensions/test'),
  );
  expect(mail.mails.filter(({ to }) => to[0] !== 'staff@school.example')).toHaveLength(1);
});
