/** Mail about accounts, through a real SMTP connection: invitations and links to set a password. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createAccounts } from '../../src/accounts/auth.ts';
import { guardedHttp } from '../../src/delivery/http/client.ts';
import { createMailer, type Mailer } from '../../src/mail/mailer.ts';
import { browserAt } from '../helpers/browser.ts';
import { at, createTestApp, type TestApp, testSettings, textAt } from '../helpers/http.ts';
import { makeMember } from '../helpers/session.ts';
import { type MailSink, startMailSink } from '../helpers/smtp.ts';
import { until } from '../helpers/until.ts';

let sink: MailSink;
let refusing: MailSink;
let app: TestApp;
const mailers: Mailer[] = [];

beforeAll(async () => {
  [sink, refusing] = [await startMailSink(), await startMailSink({ refuse: true })];
  app = await createTestApp();
  withMail(sink.url);
  await makeMember(app.db);
});
afterAll(async () => {
  for (const mailer of mailers) mailer.close();
  await app.close();
  await Promise.all([sink.close(), refusing.close()]);
});

/** Gives the app a mailer of that URL. */
function withMail(smtpUrl: string): void {
  const settings = { ...testSettings(), smtpUrl };
  const mailer = createMailer(settings);
  if (mailer === null) throw new Error('There is no mailer though there is a URL.');
  mailers.push(mailer);
  Object.assign(
    app.context.accounts,
    createAccounts({
      db: app.db,
      settings,
      mailer,
      outgoing: guardedHttp({ allowPrivate: false }),
      log: app.context.log,
    }),
  );
}

test('without SMTP_URL there is no mailer', () => {
  expect(createMailer({ smtpUrl: null, publicUrl: 'http://localhost:8080' })).toBeNull();
});

test('an invitation is mailed to the invited address, with the link in it', async () => {
  expect(at((await app.call('GET', '/api/v1/sign-in-options', { key: null })).json, 'mail')).toBe(true);
  await app.call('PATCH', '/api/v1/workspace', { body: { name: 'Riverside\r\nBcc: everybody@example.org' } });
  const answer = await app.call('POST', '/api/v1/members/invitations', {
    body: { email: 'ben@example.org', role: 'instructor' },
  });
  expect(at(answer.json, 'mailed')).toBe(true);
  const [message] = sink.messages;
  expect(message?.to).toEqual(['ben@example.org']);
  expect(message?.from).toContain('gradewire@school.example');
  expect(unfolded(message?.text)).toContain(textAt(answer.json, 'url'));
  // A name with a line break is no way to another header.
  expect(message?.text.split('\n\n')[0]).not.toMatch(/^Bcc:/m);
});

/** Quoted-printable without its soft line breaks. */
function unfolded(text = ''): string {
  return text.replace(/=\n/g, '').replace(/=3D/g, '=');
}

test('a mail server that refuses leaves the invitation with its link', async () => {
  withMail(refusing.url);
  const answer = await app.call('POST', '/api/v1/members/invitations', {
    body: { email: 'cleo@example.org', role: 'instructor' },
  });
  expect([answer.status, at(answer.json, 'mailed')]).toEqual([201, false]);
  const token = textAt(answer.json, 'url').split('/').at(-1);
  expect((await app.call('GET', `/api/v1/invitations/${token}`, { key: null })).status).toBe(200);
  withMail(sink.url);
});

test('a link to set a new password is mailed, and nobody learns whether an address has an account', async () => {
  const person = await makeMember(app.db);
  const browser = browserAt(app);
  const before = sink.messages.length;
  const known = await browser.call('POST', '/api/auth/request-password-reset', { email: person.email });
  const unknown = await browser.call('POST', '/api/auth/request-password-reset', { email: 'nobody@example.org' });
  expect([known.status, unknown.status, unknown.json]).toEqual([200, 200, known.json]);
  const message = await until('the mail', () => sink.messages[before] ?? null);
  expect(message.to).toEqual([person.email]);
  const token = /reset-password\?token=([\w-]+)/.exec(unfolded(message.text))?.[1];
  const set = await browser.call('POST', '/api/auth/reset-password', { token, newPassword: 'a brand new battery' });
  expect(set.status).toBe(200);
  expect((await browser.signIn(person.email, 'a brand new battery')).status).toBe(200);
  expect(sink.messages).toHaveLength(before + 1);
});
