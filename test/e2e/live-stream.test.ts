/** The page and its stream: what happens before it stands, while an answer is under way, and while the network comes and goes. */
import type { Browser, BrowserContext, Page, Route } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { launchChromium, newContext, useCookies } from '../helpers/chromium.ts';
import { createTestDatabase, type TestDatabase } from '../helpers/database.ts';
import { invited } from '../helpers/invited.ts';
import { addPlatform, type Platform } from '../helpers/platforms.ts';
import { type RecordingServer, recordingServer } from '../helpers/recording-server.ts';
import { type RealServer, startRealServer } from '../helpers/server.ts';
import { until } from '../helpers/until.ts';

const STREAM = '**/api/v1/live?*';
const TOTALS = '**/api/v1/overview?*';

let database: TestDatabase;
let server: RealServer;
let receiver: RecordingServer;
let browser: Browser;
let context: BrowserContext & { problems: string[] };
let quizapi: Platform;
let page: Page;
/** Paths that the page asked for, in order; and those whose answer it did not wait for. */
let asked: string[];
let givenUp: string[];

beforeAll(async () => {
  database = await createTestDatabase();
  receiver = await recordingServer((_, response) => void response.writeHead(410).end('gone'));
  server = await startRealServer({ DATABASE_URL: database.url, GRADEWIRE_ALLOW_PRIVATE_ENDPOINTS: 'true' });
  browser = await launchChromium();
  quizapi = await addPlatform(server, 'quizapi');
  const cookies = await invited(server, { email: 'ada@school.example', role: 'admin', name: 'Ada Admin' });
  context = await newContext(browser, server.url);
  await useCookies(context, server.url, cookies);
});

beforeEach(async () => {
  page = await context.newPage();
  asked = [];
  givenUp = [];
  page.on('request', (request) => asked.push(new URL(request.url()).pathname));
  page.on('requestfailed', (request) => givenUp.push(new URL(request.url()).pathname));
  return () => page.close();
});

afterAll(async () => {
  await browser?.close();
  await server?.stop();
  await receiver?.close();
  await database?.drop();
});

const timesAsked = (path: string) => asked.filter((one) => one === path).length;

/** Keeps requests waiting until they are let go one by one, or all by `end`. */
async function held(pattern: string): Promise<{ next(): Promise<Route>; end(): void }> {
  const waiting: Route[] = [];
  let ended = false;
  await page.route(pattern, async (route) => {
    if (ended) await route.continue();
    else waiting.push(route);
  });
  return {
    next: () => until(`${pattern} is asked for`, () => waiting.shift() ?? null),
    end() {
      ended = true;
    },
  };
}

/** What today's totals say; empty while they are not there. */
async function completed(): Promise<number | null> {
  const figure = page.getByRole('button', { name: /Explain this number: Completed/ });
  return (await figure.count()) === 0 ? null : Number.parseInt((await figure.textContent()) ?? '', 10);
}

async function isLive(): Promise<void> {
  await page.locator('[data-testid=freshness][data-status=live]').waitFor();
}

let attempts = 0;
/** An attempt that is completed now; waits until the server counts it. Gives how many that are. */
async function complete(): Promise<number> {
  attempts += 1;
  const title = `Quiz ${attempts}`;
  await quizapi.send('quiz.completed', { activity: { externalId: title, title }, attemptId: title });
  await until('the server counts it', async () => {
    const { totals } = await server.get<{ totals: { attemptsCompleted: number } }>('/api/v1/overview');
    return totals.attemptsCompleted === attempts;
  });
  return attempts;
}

it('shows what happened after the page got its answers and before its stream began', async () => {
  const before = await complete();
  const stream = await held(STREAM);
  await page.goto('/');
  const begins = await stream.next();
  await until('the page has its answers', async () => (await completed()) === before);
  const now = await complete();
  stream.end();
  await begins.continue();
  await isLive();
  await until('today counts it', async () => (await completed()) === now);
});

it('asks once more where an answer was under way when the stream began: it may be older', async () => {
  await complete();
  const stream = await held(STREAM);
  const totals = await held(TOTALS);
  await page.goto('/');
  const begins = await stream.next();
  const slow = await totals.next();
  const old = await slow.fetch();
  totals.end();
  const now = await complete();
  stream.end();
  await begins.continue();
  await isLive();
  // Other figures are asked for again by then, and these were not forgotten.
  await until('the others are asked for again', () => timesAsked('/api/v1/attention') > 1);
  await slow.fulfill({ response: old });
  await until('today counts it', async () => (await completed()) === now);
});

it('asks when a pause ends for what happened before the stream began in it', async () => {
  const before = await complete();
  const stream = await held(STREAM);
  await page.goto('/');
  const begins = await stream.next();
  await until('the page has its answers', async () => (await completed()) === before);
  await page.getByRole('button', { name: 'Pause live updates' }).click();
  const now = await complete();
  stream.end();
  await begins.continue();
  // The list of events is asked for when the stream stands.
  await page.getByRole('list', { name: 'Events, the newest first' }).waitFor();
  await page.getByRole('button', { name: 'Resume live updates' }).click();
  await until('today counts it', async () => (await completed()) === now);
});

it('waits for an answer that takes longer than the next event', async () => {
  await page.goto('/');
  await isLive();
  await until(
    'all is asked for again',
    () => timesAsked('/api/v1/attention') > 1 && timesAsked('/api/v1/overview') > 1,
  );
  const totals = await held(TOTALS);
  await complete();
  const slow = await totals.next();
  const before = await until('the others too', () => {
    const times = timesAsked('/api/v1/attention');
    return times > 2 && times;
  });
  const now = await complete();
  await until('the others are asked for once more', () => timesAsked('/api/v1/attention') > before);
  expect(givenUp).not.toContain('/api/v1/overview');
  totals.end();
  await slow.continue();
  await until('today counts both', async () => (await completed()) === now);
});

it('tells of an endpoint that was disabled before the stream began', async () => {
  await server.post('/api/v1/endpoints', { kind: 'webhook', url: receiver.url, eventTypes: ['attempt.completed'] });
  const stream = await held(STREAM);
  const listed = page.waitForResponse('**/api/v1/endpoints?*');
  await page.goto('/');
  const begins = await stream.next();
  await (await listed).finished();
  await complete();
  await until('it is disabled', async () => {
    const { data } = await server.get<{ data: { enabled: boolean }[] }>('/api/v1/endpoints');
    return data.every(({ enabled }) => !enabled);
  });
  stream.end();
  await begins.continue();
  await page.getByText(/was disabled: nothing is passed on/).waitFor();
});

it('keeps to one stream, whatever the browser tells of its network meanwhile', async () => {
  const hurried = () =>
    page.evaluate(`(async () => {
      for (let n = 0; n < 3; n++) window.dispatchEvent(new Event('online'));
      document.dispatchEvent(new Event('visibilitychange'));
      // By this answer, what came before it was asked for.
      await fetch('/api/v1/me');
    })()`);
  const stream = await held(STREAM);
  await page.goto('/');
  const first = await stream.next();
  await hurried();
  expect(timesAsked('/api/v1/live')).toBe(1);
  await first.abort();
  const second = await stream.next();
  await hurried();
  expect(timesAsked('/api/v1/live')).toBe(2);
  stream.end();
  await second.continue();
  await isLive();
  await hurried();
  expect(timesAsked('/api/v1/live')).toBe(2);
});

it('logged no error and broke no policy on the way', () => {
  expect(context.problems).toEqual([]);
});
