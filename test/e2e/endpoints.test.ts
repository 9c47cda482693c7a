/** An endpoint's whole life as people see it: real Chromium, the real server, a real receiver that fails before it works. */
import { rmSync } from 'node:fs';
import type { Browser, BrowserContext, Locator, Page } from 'playwright-core';
import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchChromium, newContext } from '../helpers/chromium.ts';
import { dataFolder } from '../helpers/memory.ts';
import { addPlatform, MARIA, type Platform } from '../helpers/platforms.ts';
import { type Recorded, type RecordingServer, recordingServer } from '../helpers/recording-server.ts';
import { type RealServer, startRealServer } from '../helpers/server.ts';
import { until } from '../helpers/until.ts';

interface Sent {
  type: string;
  data: { learner: { name: string | null } | null; activity: { title: string } | null };
}

let dataDir: string;
let server: RealServer;
let receiver: RecordingServer;
let browser: Browser;
let context: BrowserContext & { problems: string[] };
let page: Page;
let quizapi: Platform;
/** What the receiver answers now. */
let status = 200;
let secret = '';

beforeAll(async () => {
  dataDir = dataFolder('gradewire-e2e-');
  receiver = await recordingServer((_, response) => {
    response
      .writeHead(status, { 'content-type': 'application/json' })
      .end(status === 200 ? '{"taken":true}' : '{"error":"the grade book is locked"}');
  });
  server = await startRealServer({ GRADEWIRE_DATA_DIR: dataDir, GRADEWIRE_ALLOW_PRIVATE_ENDPOINTS: 'true' });
  quizapi = await addPlatform(server, 'quizapi');
  const invited = await server.post<{ url: string }>('/api/v1/members/invitations', {
    email: 'ada@school.example',
    role: 'admin',
  });
  browser = await launchChromium();
  context = await newContext(browser, server.url);
  page = await context.newPage();
  await page.goto(invited.url);
  await page.getByLabel('Name').fill('Ada Admin');
  await page.getByLabel('Password', { exact: true }).fill('a long enough password');
  await page.getByRole('button', { name: 'Join' }).click();
  await shown(page.getByRole('heading', { level: 1, name: 'Live' }));
});

afterAll(async () => {
  await browser?.close();
  await server?.stop();
  await receiver?.close();
  rmSync(dataDir, { recursive: true, force: true });
});

/** Waits until it is there to be seen. */
async function shown(what: Locator): Promise<void> {
  await what.first().waitFor({ state: 'visible' });
}

/** What was received, verified as a receiver does with the library of the standard. */
function verified({ body, headers }: Recorded, withSecret = secret): Sent {
  return new Webhook(withSecret).verify(body.toString(), {
    'webhook-id': String(headers['webhook-id']),
    'webhook-timestamp': String(headers['webhook-timestamp']),
    'webhook-signature': String(headers['webhook-signature']),
  }) as Sent;
}

const tab = (name: string) => page.getByRole('tab', { name }).click();
const rows = () => page.getByRole('region', { name: 'Deliveries, table' }).locator('tbody tr');

async function finishQuiz(title: string): Promise<void> {
  await quizapi.send('quiz.completed', {
    learner: MARIA,
    activity: { externalId: title, title },
    attemptId: title,
  });
}

describe('an endpoint', () => {
  it('is added from an empty page that teaches, with its body seen before it is sent', async () => {
    await page.getByRole('link', { name: 'Endpoints' }).click();
    await shown(page.getByText('Nothing is passed on yet'));
    await page.getByRole('link', { name: 'Add an endpoint' }).click();
    await page.getByRole('radio', { name: 'Your own webhook' }).click();
    await page.getByRole('button', { name: 'Next' }).click();
    await page.getByRole('textbox', { name: 'URL' }).fill(`${receiver.url}/hook`);
    await page.getByRole('textbox', { name: 'Name' }).fill('Campus LMS');
    await page.getByRole('radio', { name: 'Only these' }).click();
    await page.getByRole('checkbox', { name: /attempt\.completed/ }).check();
    await page.getByRole('radio', { name: 'A pseudonym' }).click();
    const preview = page.getByRole('region', { name: 'Body' });
    await shown(preview.getByText('psn_'));
    await page.getByRole('button', { name: 'Add the endpoint' }).click();
    await shown(page.getByText('Campus LMS was added.'));
    secret = (await page.getByText(/^whsec_/).textContent()) ?? '';
    expect(secret).toMatch(/^whsec_/);
  });

  it('gets a test that its receiver verifies, and shows it live', async () => {
    await page.getByRole('button', { name: 'Send the test' }).click();
    await shown(page.getByText('It got there.'));
    await shown(page.getByText('{"taken":true}').or(page.getByText('"taken": true')));
    expect(receiver.requests).toHaveLength(1);
    const [request] = receiver.requests;
    if (request === undefined) throw new Error('Nothing came.');
    expect(verified(request).type).toBe('attempt.completed');
    await page.getByRole('link', { name: 'Open the endpoint' }).click();
    await shown(page.getByRole('heading', { level: 1, name: 'Campus LMS' }));
  });

  it('shows a delivery that fails as it happens, with what the receiver said, and retries it by hand', async () => {
    status = 500;
    await tab('Log');
    await finishQuiz('Closures');
    const row = rows().filter({ hasText: 'Closures' });
    await shown(row.filter({ hasText: 'failed, tried again' }));
    await shown(row.filter({ hasText: '500' }));
    await row.getByRole('link').first().click();
    const drawer = page.getByRole('dialog', { name: 'Delivery' });
    await shown(drawer.getByText('the grade book is locked'));
    await shown(drawer.getByText('webhook-signature'));
    status = 200;
    await drawer.getByRole('button', { name: 'Retry now' }).click();
    await shown(drawer.getByText('It got there.'));
    await drawer.getByRole('button', { name: 'Close the delivery' }).click();
    await shown(row.filter({ hasText: 'delivered' }));
    const tries = receiver.requests.slice(1);
    expect(tries.length).toBeGreaterThanOrEqual(2);
    expect(new Set(tries.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
    // The repeat is signed anew, and nobody is named: a pseudonym was chosen.
    for (const request of tries) expect(verified(request).data.learner?.name).toBeNull();
  });

  it('finds a delivery by its event, and says on the learner’s page where it went', async () => {
    const { data } = await server.get<{ data: { eventId: string; learnerId: string; test: boolean }[] }>(
      '/api/v1/deliveries',
    );
    const delivery = data.find(({ test }) => !test);
    if (delivery === undefined) throw new Error('There is no delivery.');
    await page.getByRole('textbox', { name: 'Event id' }).fill(delivery.eventId);
    await until('only that one is shown', async () => (await rows().count()) === 1);
    await page.goto(`/learners/${delivery.learnerId}`);
    const passedOn = page.getByRole('region', { name: 'Passed on to', exact: true });
    await shown(passedOn.getByRole('row', { name: /Campus LMS.*attempt finished.*delivered/ }));
    await passedOn.getByRole('link', { name: 'Campus LMS' }).click();
    await shown(page.getByRole('dialog', { name: 'Delivery' }));
    await page.getByRole('button', { name: 'Close the delivery' }).click();
  });

  it('is edited, and what goes out follows', async () => {
    await tab('Settings');
    await page.getByRole('radio', { name: 'In full' }).click();
    await page.getByRole('button', { name: 'Save' }).click();
    await shown(page.getByText('Saved'));
    const before = receiver.requests.length;
    await finishQuiz('Promises');
    await until('it came', () => receiver.requests.length > before);
    const request = receiver.requests.at(-1);
    if (request === undefined) throw new Error('Nothing came.');
    expect(verified(request).data).toMatchObject({ activity: { title: 'Promises' }, learner: { id: /^lrn_/ } });
  });

  it('gets a new secret; meanwhile both verify', async () => {
    await page.getByRole('button', { name: 'Change the secret' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Make a new secret' }).click();
    const text = page.getByText(/^whsec_/);
    await until('another secret is shown', async () => {
      const now = (await text.count()) === 1 ? await text.textContent() : null;
      return now !== null && now !== secret;
    });
    const next = (await text.textContent()) ?? '';
    const before = receiver.requests.length;
    await finishQuiz('Generators');
    await until('it came', () => receiver.requests.length > before);
    const request = receiver.requests.at(-1);
    if (request === undefined) throw new Error('Nothing came.');
    expect(verified(request, secret).type).toBe('attempt.completed');
    expect(verified(request, next).type).toBe('attempt.completed');
    secret = next;
  });

  it('is disabled, misses something, is enabled, and is sent what it missed', async () => {
    await page.getByRole('button', { name: 'Disable' }).click();
    await page.getByRole('dialog', { name: 'Disable Campus LMS?' }).getByRole('button', { name: 'Disable' }).click();
    await shown(page.getByText(/switched off by hand/));
    const before = receiver.requests.length;
    await finishQuiz('Iterators');
    await until('it is recorded', async () => {
      const { data } = await server.get<{ data: { activity: { title: string } }[] }>('/api/v1/attempts');
      return data.some(({ activity }) => activity.title === 'Iterators');
    });
    expect(receiver.requests).toHaveLength(before);
    await page.getByRole('button', { name: 'Enable' }).click();
    await shown(page.getByRole('button', { name: 'Disable' }));
    await tab('Log');
    await page.getByRole('button', { name: 'Send what it missed' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Send them' }).click();
    const work = page.getByRole('region', { name: 'Sending what it missed' });
    await shown(work.getByText('it was sent'));
    expect(receiver.requests.slice(before).map((request) => verified(request).data.activity?.title)).toEqual([
      'Iterators',
    ]);
    // Still told after one came back to the page.
    await page.reload();
    await shown(work.getByText('it was sent'));
    await work.getByRole('button', { name: 'Hide' }).click();
    await work.waitFor({ state: 'detached' });
    await tab('Overview');
    await shown(page.getByRole('figure', { name: 'Tries' }));
  });

  it('tells on every page that it was disabled by an answer, until that is put away', async () => {
    status = 410;
    await finishQuiz('Gone');
    await shown(page.getByText(/was disabled: nothing is passed on/));
    await page.getByRole('link', { name: 'Learners' }).click();
    await shown(page.getByText(/was disabled: nothing is passed on/));
    await page.getByRole('button', { name: 'Hide this note for now' }).click();
    await page.getByText(/was disabled: nothing is passed on/).waitFor({ state: 'detached' });
    await page.getByRole('link', { name: 'Endpoints' }).click();
    await page.getByRole('link', { name: 'Campus LMS' }).click();
  });

  it('is deleted after a dialog that names it', async () => {
    await tab('Settings');
    await page.getByRole('button', { name: 'Delete the endpoint' }).click();
    await page.getByRole('dialog', { name: 'Delete Campus LMS?' }).getByRole('button', { name: 'Delete it' }).click();
    await shown(page.getByText('Nothing is passed on yet'));
  });

  it('logged no error and broke no policy on the way', () => {
    expect(context.problems).toEqual([]);
  });
});
