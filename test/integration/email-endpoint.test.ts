/** Mails of endpoints, through a real mail server. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { adapterFor } from '../../src/adapters/registry.ts';
import { newUuid } from '../../src/core/ids.ts';
import { EVENT_TYPES, type EventType, type Provider } from '../../src/core/vocabulary.ts';
import type { Endpoint } from '../../src/delivery/endpoint.ts';
import { email } from '../../src/delivery/kinds/email/email.ts';
import { learnerMail } from '../../src/delivery/kinds/email/learner-mail.ts';
import { mailKey } from '../../src/delivery/kinds/email/unsubscribe.ts';
import type { KindTools, Outcome, Outgoing } from '../../src/delivery/kinds/kind.ts';
import { eventCatalogue } from '../../src/http/event-catalogue.ts';
import { type EventObject, readEvents } from '../../src/live/events.ts';
import { createMailer } from '../../src/mail/mailer.ts';
import { person } from '../../src/simulator/people.ts';
import { seededRandom } from '../../src/simulator/random.ts';
import { createTestApp, type TestApp } from '../helpers/http.ts';
import { type MailServer, type MailServerOptions, type ReceivedMail, startMailServer } from '../helpers/mail-server.ts';
import { endpointOf, kindTools, outgoing } from '../helpers/outgoing.ts';
import { addSources, emptyAll, projectAll, storeReceipts, webhookOf } from '../helpers/receipts.ts';

const PUBLIC_URL = 'http://127.0.0.1:8080';
let app: TestApp;
let server: MailServer;
let mailers: { close(): void }[] = [];

beforeAll(async () => {
  app = await createTestApp();
  await addSources(app.db);
});
afterAll(() => app.close());
beforeEach(async () => {
  await emptyAll(app.db);
  await app.db.query('TRUNCATE email_sent, email_unsubscribes');
  server = await startMailServer();
});
afterEach(async () => {
  for (const mailer of mailers) mailer.close();
  mailers = [];
  await server.close();
});

const toLearner: Endpoint = endpointOf('email', { to: 'learner' });
const toStaff: Endpoint = endpointOf('email', { to: 'staff@school.example' });

function tools(about: Partial<KindTools> = {}, smtpUrl = server.url): KindTools {
  const mailer = createMailer({ smtpUrl, publicUrl: PUBLIC_URL });
  if (mailer !== null) mailers.push(mailer);
  const key = mailKey(app.context.settings.encryptionKey);
  return kindTools({
    mailer,
    publicUrl: PUBLIC_URL,
    learnerMail: learnerMail({ db: app.db, key, publicUrl: PUBLIC_URL }),
    ...about,
  });
}

async function send(
  endpoint: Endpoint,
  event: EventObject,
  about: Partial<Outgoing> = {},
  with_ = tools(),
): Promise<Outcome> {
  const [sent] = await email.send(endpoint, [outgoing(endpoint, event, about)], with_, new AbortController().signal);
  if (sent === undefined) throw new Error('A try a delivery is missing.');
  return sent.outcome;
}

/** A completion as the platform tells it, through the whole projection; its event. */
async function completedAt(
  provider: Provider,
  told: { at?: number; email?: string; body?: object } = {},
): Promise<EventObject> {
  const at = told.at ?? Date.now() - 60_000;
  const adapter = adapterFor(provider);
  const event = adapter.events.find((name) => /complete|finish/.test(name) && !/content|challenge/.test(name)) ?? '';
  const learner = {
    externalId: told.email ?? 'person-1',
    name: 'Asha <b>Rao</b>',
    email: told.email ?? 'asha@school.example',
  };
  const example = adapter.example({
    ...{ event, learner, at, startedAt: at - 60_000, ability: 0.5, random: seededRandom('mail'), index: 0, total: 4 },
    ...{ attemptId: newUuid(), activity: { externalId: '77', title: 'Brüche & mehr' } },
  });
  await storeReceipts(app.db, [
    webhookOf({
      ...{ at, provider, event, messageId: newUuid(), learner: person(0) },
      body: { ...example, ...told.body },
    }),
  ]);
  await projectAll(app.db);
  const events = await readEvents(app.db, { workspace: 1, after: 0, limit: 100 });
  const last = events.findLast((found) => found.event.type === 'attempt.completed')?.event;
  if (last === undefined) throw new Error(`${provider} told of no completion.`);
  return last;
}

function only(): ReceivedMail {
  expect(server.mails).toHaveLength(1);
  return server.mails[0] as ReceivedMail;
}

const reasonOf = (outcome: Outcome): string => (outcome.kind === 'skipped' ? outcome.reason : `(${outcome.kind})`);
const header = (mail: ReceivedMail, name: string): string | undefined => mail.headers.get(name)?.join(' || ');

function example(type: EventType): EventObject {
  return structuredClone(eventCatalogue().find((entry) => entry.type === type)?.example) as unknown as EventObject;
}

describe('a confirmation to the learner', () => {
  it('goes to the address of a signed webhook, with the result', async () => {
    const event = await completedAt('standard');
    expect(await send(toLearner, event)).toEqual({ kind: 'delivered' });
    const mail = only();
    expect(mail.to).toEqual(['asha@school.example']);
    expect(header(mail, 'subject')).toBe('Your result: Brüche & mehr');
    expect(mail.text).toContain('Hello Asha <b>Rao</b>,');
    expect(mail.text).toMatch(/Result: .*%/);
    expect(mail.html).toContain('Hello Asha &lt;b&gt;Rao&lt;/b&gt;,');
    expect(mail.html).not.toContain('<b>');
    expect(mail.text).not.toContain('without a proof');
    expect(header(mail, 'auto-submitted')).toBe('auto-generated');
    expect(header(mail, 'message-id')).toBe(`<msg_${event.id}@127.0.0.1>`);
  });

  it('speaks German on wish, with times of its zone', async () => {
    const event = await completedAt('standard');
    const endpoint = { ...toLearner, config: { language: 'de', timeZone: 'Europe/Berlin' } };
    await send(endpoint, event);
    const mail = only();
    expect(header(mail, 'subject')).toBe('Ihr Ergebnis: Brüche & mehr');
    expect(mail.text).toMatch(/Guten Tag Asha/);
    expect(mail.text).toMatch(/Wann: .*\(Europe\/Berlin\)/);
  });

  it('never goes to an address that only an unproved webhook told', async () => {
    const token = await completedAt('easygenerator', { email: 'victim@school.example' });
    expect(token.learner?.email).toBe('victim@school.example');
    expect(reasonOf(await send(toLearner, token))).toMatch(/neither in the roster nor in the webhook/);
    // Testpress signs some fields, and the address is not one of them.
    const partial = await completedAt('testpress');
    expect(partial.verification).toBe('signature_partial');
    expect(reasonOf(await send(toLearner, partial))).toMatch(/neither in the roster nor in the webhook/);
    expect(server.mails).toHaveLength(0);
  });

  it('goes to an address of the roster whatever the webhook proves, and says that the result is unverified', async () => {
    const event = await completedAt('easygenerator', { email: 'lia@school.example' });
    await app.db.query(`UPDATE learners SET email_by = 'roster'`);
    expect(await send(toLearner, event)).toEqual({ kind: 'delivered' });
    expect(only().text).toContain('without a proof of where it came from');
  });

  it('goes by what its own webhook says: an address that came by another way is not proved by it', async () => {
    const event = await completedAt('standard');
    // Somebody told another address of the same person to a source that proves nothing.
    await app.db.query(`UPDATE learners SET email = 'mallory@evil.example'`);
    expect(reasonOf(await send(toLearner, event))).toMatch(/neither in the roster/);
    expect(reasonOf(await send(toLearner, { ...event, learner: null }))).toMatch(/No e-mail address/);
    expect(server.mails).toHaveLength(0);
  });

  it('is for what is new: nothing older than 24 hours, nothing of tests, nothing that is not for learners', async () => {
    const old = await completedAt('standard', { at: Date.now() - 25 * 3600_000 });
    expect(reasonOf(await send(toLearner, old))).toMatch(/older than 24 hours/);
    const fresh = await completedAt('standard');
    expect(reasonOf(await send(toLearner, { ...fresh, receivedAt: '2026-01-01T00:00:00.000Z' }))).toMatch(
      /older than 24/,
    );
    expect(reasonOf(await send(toLearner, fresh, { test: true }))).toMatch(/never mailed for a test/);
    const tried = { ...fresh, attempt: { ...fresh.attempt, test: true } };
    expect(reasonOf(await send(toLearner, tried))).toMatch(/never mailed for a test/);
    for (const type of ['learner.needs_attention', 'attempt.started', 'learner.erased'] as const) {
      expect(reasonOf(await send(toLearner, { ...fresh, type }))).toMatch(/not told of/);
    }
    expect(server.mails).toHaveLength(0);
  });

  it('is bounded per learner and hour, over restarts and in several processes, and a retry counts once', async () => {
    const event = await completedAt('standard');
    const endpoint = { ...toLearner, config: { perLearnerPerHour: 3 } };
    // Six at once, each by tools of its own, as in six processes.
    const outcomes = await Promise.all(Array.from({ length: 6 }, () => send(endpoint, event, {}, tools())));
    expect(outcomes.filter(({ kind }) => kind === 'delivered')).toHaveLength(3);
    expect(server.mails).toHaveLength(3);
    expect(outcomes.map(reasonOf).filter((reason) => /had 3 mails within an hour/.test(reason))).toHaveLength(3);
    const [counted] = await app.db.query<{ id: string }>('SELECT delivery_id AS id FROM email_sent LIMIT 1');
    expect(await send(endpoint, event, { deliveryId: counted?.id ?? '', tryNumber: 2 })).toEqual({ kind: 'delivered' });
    expect((await send(endpoint, event)).kind).toBe('skipped');
    await app.db.query(`UPDATE email_sent SET sent_at = now() - interval '61 minutes'`);
    expect(await send(endpoint, event)).toEqual({ kind: 'delivered' });
    expect(await app.db.query('SELECT FROM email_sent')).toHaveLength(1);
  });
});

describe('unsubscribing', () => {
  async function link(): Promise<{ event: EventObject; path: string }> {
    const event = await completedAt('standard');
    await send(toLearner, event);
    const url = /<(.+)>/.exec(header(only(), 'list-unsubscribe') ?? '')?.[1] ?? '';
    expect(url.startsWith(`${PUBLIC_URL}/unsubscribe/`)).toBe(true);
    expect(only().text).toContain(url);
    return { event, path: url.slice(PUBLIC_URL.length) };
  }
  const visit = (method: 'GET' | 'POST', url: string, headers = {}, payload = '') =>
    app.app.inject({ method, url, headers, ...(payload === '' ? {} : { payload }) });

  it('takes one click of a mail program, as RFC 8058 has it', async () => {
    const { event, path } = await link();
    expect(header(only(), 'list-unsubscribe-post')).toBe('List-Unsubscribe=One-Click');
    for (const type of ['application/x-www-form-urlencoded', 'multipart/form-data; boundary=x']) {
      const answer = await visit('POST', path, { 'content-type': type }, 'List-Unsubscribe=One-Click');
      expect(answer.statusCode).toBe(200);
    }
    expect(reasonOf(await send(toLearner, event))).toMatch(/wants no more mails/);
    expect(server.mails).toHaveLength(1);
    // Who reads the database does not learn who is on the list.
    const rows = await app.db.query<{ text: string }>('SELECT u::text AS text FROM email_unsubscribes u');
    expect(rows).toHaveLength(1);
    expect(JSON.stringify(rows)).not.toMatch(/asha|school/);
  });

  it('asks a person who opens the link, and does nothing by itself', async () => {
    const { event, path } = await link();
    const page = await visit('GET', path, { 'accept-language': 'de-DE,en;q=0.5' });
    expect(page.statusCode).toBe(200);
    expect(page.payload).toContain('<html lang="de">');
    expect(page.payload).toContain('<form method="post">');
    expect(page.headers['content-security-policy']).toContain("form-action 'self'");
    expect(await send(toLearner, event)).toEqual({ kind: 'delivered' });
    const done = await visit('POST', path, { 'content-type': 'application/x-www-form-urlencoded' }, 'x=');
    expect(done.payload).toContain('Nothing more will be mailed');
    expect((await send(toLearner, event)).kind).toBe('skipped');
  });

  it('takes no link that we did not make', async () => {
    const { event, path } = await link();
    for (const wrong of [
      path.slice(0, -2),
      `${path.slice(0, -3)}AAA`,
      '/unsubscribe/x',
      `/unsubscribe/${'A'.repeat(80)}`,
    ]) {
      expect((await visit('GET', wrong)).statusCode).toBe(404);
      expect((await visit('POST', wrong)).statusCode).toBe(404);
    }
    expect(await send(toLearner, event)).toEqual({ kind: 'delivered' });
  });
});

describe('a notice to staff', () => {
  it('can be of every event type, in both languages, and reads well', async () => {
    for (const language of ['en', 'de']) {
      for (const type of EVENT_TYPES) {
        expect(await send({ ...toStaff, config: { language } }, example(type))).toEqual({ kind: 'delivered' });
      }
    }
    expect(server.mails).toHaveLength(2 * EVENT_TYPES.length);
    for (const mail of server.mails) {
      expect(mail.to).toEqual(['staff@school.example']);
      expect(mail.text).not.toMatch(/undefined|null|\[object|\{\{/);
      expect(header(mail, 'subject')).not.toContain('Asha');
      expect(header(mail, 'list-unsubscribe')).toBeUndefined();
    }
    const said = (subject: string) => server.mails.find((mail) => header(mail, 'subject')?.startsWith(subject))?.text;
    expect(said('A learner needs a look')).toMatch(
      /What was found: 8 days without activity; begun and not finished: 1\./,
    );
    expect(said('An endpoint was disabled')).toContain('Reason: Nothing but failures for 5 days.');
    expect(said('Result corrected')).toContain('Result: 8 of 10 (80 %), before: 70 %');
    expect(said('Attempt completed')).toContain(`In Gradewire: ${PUBLIC_URL}/attempts/att_`);
  });

  it('tells of a person what the endpoint may know', async () => {
    for (const personalData of ['pseudonym', 'none'] as const) {
      await send({ ...toStaff, personalData }, example('attempt.completed'));
    }
    expect(JSON.stringify(server.mails.map(({ raw, text }) => [raw, text]))).not.toMatch(/Asha|asha|user_123|att_0a9b/);
  });

  it('says of a test that it is one', async () => {
    await send(toStaff, example('attempt.completed'), { test: true });
    expect(only().text).toContain('This is a test of the endpoint');
  });

  it('takes people’s own texts, and nothing in a value becomes markup, a variable or a header', async () => {
    const event = example('attempt.completed');
    const evil = 'X\r\nBcc: victim@evil.example\r\n\r\n<script>alert(1)</script> {{learner}} \u202eabc';
    if (event.activity !== null) event.activity.title = evil;
    if (event.learner !== null) event.learner.name = 'A\nCc: b@evil.example';
    const config = {
      subject: '{{event}}: {{activity}}',
      template: 'Dear {{learner}},\n\n{{activity}} gave {{result}}.',
    };
    for (const given of [config, {}]) await send({ ...toStaff, config: given }, event);
    expect(server.mails).toHaveLength(2);
    for (const mail of server.mails) {
      expect(mail.to).toEqual(['staff@school.example']);
      expect([...mail.headers.keys()]).not.toContain('bcc');
      expect([...mail.headers.keys()]).not.toContain('cc');
      expect(mail.headers.get('subject')).toEqual([
        'Attempt completed: X Bcc: victim@evil.example <script>alert(1)</script> {{learner}} abc',
      ]);
      expect(mail.html).not.toContain('<script>');
    }
    expect(server.mails[0]?.text).toMatch(/^Dear A Cc: b@evil\.example,\n\nX Bcc: .* gave 8 of 10 \(80 %\)\.\n/);
  });
});

describe('what the mail server says', () => {
  const failing = async (options: MailServerOptions): Promise<Outcome> => {
    const other = await startMailServer(options);
    try {
      return await send(toStaff, example('attempt.completed'), {}, tools({}, other.url));
    } finally {
      await other.close();
    }
  };

  it('4xx is tried again, 5xx is for good, and our own credentials are our own fault', async () => {
    expect(await failing({ refuses: () => 451 })).toMatchObject({
      kind: 'failed',
      error: expect.stringContaining('451'),
    });
    expect(await failing({ refuses: () => 550 })).toMatchObject({
      kind: 'refused',
      error: expect.stringContaining('550'),
    });
    expect(await failing({ refusesSignIn: true })).toMatchObject({
      kind: 'failed',
      error: expect.stringContaining('SMTP_URL'),
    });
    const gone = tools({}, 'smtp://127.0.0.1:9');
    expect(await send(toStaff, example('attempt.completed'), {}, gone)).toMatchObject({ kind: 'failed' });
    expect(await send(toStaff, example('attempt.completed'), {}, tools({ mailer: null }))).toMatchObject({
      kind: 'failed',
      error: expect.stringContaining('SMTP_URL'),
    });
  });
});

describe('settings', () => {
  const problems = (about: Partial<Endpoint>) => email.check({ ...toStaff, ...about }, tools()).map(({ path }) => path);

  it('are one address or the learner, with variables and zones that there are', () => {
    expect(problems({})).toEqual([]);
    expect(problems({ to: 'learner' })).toEqual([]);
    for (const to of [
      null,
      'a@b.example, c@d.example',
      'Name <a@b.example>',
      'a@b.example\r\nBcc: c@d.example',
      'nobody',
    ]) {
      expect(problems({ to })).toEqual(['to']);
    }
    expect(problems({ config: { timeZone: 'Mars/Base' } })).toEqual(['config.timeZone']);
    expect(problems({ config: { subject: '{{activity}}', template: 'Hi {{nmae}}' } })).toEqual(['config.template']);
    expect(email.check(toStaff, tools({ mailer: null })).map(({ path }) => path)).toEqual(['kind']);
  });

  it('an address that is a list is nobody’s', async () => {
    const event = await completedAt('standard');
    await app.db.query(`UPDATE learners SET email = 'a@school.example,b@evil.example', email_by = 'roster'`);
    expect(reasonOf(await send(toLearner, event))).toMatch(/not of a form/);
  });
});
