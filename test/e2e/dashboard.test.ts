/** The dashboard as people use it: real Chromium, the real server with its embedded database, webhooks signed as platforms do. */
import { rmSync } from 'node:fs';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchChromium, newContext } from '../helpers/chromium.ts';
import { dataFolder } from '../helpers/memory.ts';
import { addPlatform, JONAS, MARIA, type Platform, platformAt } from '../helpers/platforms.ts';
import { type RealServer, startRealServer } from '../helpers/server.ts';
import { until } from '../helpers/until.ts';

const PASSWORD = 'a long enough password';
const ADMIN = 'ada@school.example';

let dataDir: string;
let server: RealServer;
let browser: Browser;
let context: BrowserContext & { problems: string[] };
let page: Page;
let instruqt: Platform;
let quizapi: Platform;

beforeAll(async () => {
  dataDir = dataFolder('gradewire-e2e-');
  server = await startRealServer({ GRADEWIRE_DATA_DIR: dataDir });
  instruqt = await addPlatform(server, 'instruqt');
  quizapi = await addPlatform(server, 'quizapi');
  browser = await launchChromium();
  context = await newContext(browser, server.url);
  page = await context.newPage();
});

afterAll(async () => {
  await browser?.close();
  await server?.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

/** What stands at a place, once it does. */
async function shown(what: ReturnType<Page['locator']>): Promise<void> {
  await what.first().waitFor({ state: 'visible' });
}

describe('the dashboard', () => {
  it('leads to the sign-in page, makes the first administrator by the printed link, signs out and in', async () => {
    await page.goto('/learners');
    await page.waitForURL('**/sign-in**');
    const link = /http\S+\/setup\?token=\S+/.exec(server.said())?.[0];
    expect(link).toBeDefined();
    await page.goto(link ?? '');
    await page.getByLabel('Name').fill('Ada Admin');
    await page.getByLabel('E-mail address').fill(ADMIN);
    await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
    await page.getByRole('button', { name: 'Make the account' }).click();
    await shown(page.getByRole('heading', { level: 1, name: 'Live' }));

    await page.getByRole('button', { name: 'Your account' }).click();
    await page.getByRole('menuitem', { name: 'Sign out' }).click();
    await page.waitForURL('**/sign-in**');
    await page.getByLabel('E-mail address').fill(ADMIN);
    await page.getByLabel('Password', { exact: true }).fill('not the password');
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await shown(page.getByRole('alert'));
    await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await shown(page.getByRole('heading', { level: 1, name: 'Live' }));
    await shown(page.locator('[data-testid=freshness][data-status=live]'));
  });

  it('shows an attempt as it arrives, without a reload', async () => {
    await quizapi.send('quiz.completed', {
      learner: MARIA,
      activity: { externalId: 'quiz-1', title: 'JavaScript Basics' },
      attemptId: 'q-1',
    });
    const feed = page.getByRole('list', { name: 'Events, the newest first' });
    await shown(feed.locator('li[data-event="attempt.completed"]', { hasText: 'JavaScript Basics' }));
    await until('today counts it', async () =>
      /^1\b/.test((await page.getByRole('button', { name: /Explain this number: Completed/ }).textContent()) ?? ''),
    );
  });

  it('shows a learner get stuck, and leave the list with the step', async () => {
    const about = { learner: JONAS, attemptId: 'stuck-play', index: 1 };
    await instruqt.send('track.started', about);
    await instruqt.send('track.challenge_started', about);
    const running = page.getByRole('region', { name: 'Attempts that run now' });
    await shown(running.getByRole('row', { name: /Jonas Weber/ }));
    for (let tries = 0; tries < 3; tries++) {
      await instruqt.send('track.challenge_attempted', about, { completed: false });
    }
    const flag = page.getByRole('region', { name: 'Needs attention' }).getByRole('listitem');
    await shown(flag.filter({ hasText: 'Jonas Weber' }).filter({ hasText: '3 failed tries' }));
    await shown(running.getByRole('row', { name: /Jonas Weber.*stuck/ }));
    await instruqt.send('track.challenge_completed', about);
    await flag.filter({ hasText: 'Jonas Weber' }).waitFor({ state: 'detached' });
  });

  it('follows a weak area down to the signed bytes of a receipt', async () => {
    // Enough answers for an interval: the same quiz, answered badly.
    for (const attempt of [2, 3]) {
      await quizapi.send('quiz.completed', {
        learner: attempt === 2 ? MARIA : JONAS,
        activity: { externalId: 'quiz-2', title: 'Closures' },
        attemptId: `q-${attempt}`,
        ability: 0.05,
        total: 10,
      });
    }
    await page.getByRole('link', { name: 'Overview' }).click();
    const row = page.getByRole('region', { name: 'Weakest areas' }).getByRole('row', { name: /Closures/ });
    await until('the overview knows the quiz', async () => {
      if ((await row.count()) > 0) return true;
      await page.reload();
      await page.getByRole('heading', { level: 2, name: 'Weakest areas' }).waitFor();
      return null;
    });
    await row.getByRole('button', { name: /Explain this number/ }).click();
    const drawer = page.getByRole('dialog', { name: /What this number is made of/ });
    await shown(drawer.getByText(/^Wrong answers divided by all answers/));
    await drawer
      .getByRole('button', { name: /^1 webhook/ })
      .first()
      .click();
    await drawer.getByRole('link', { name: /^rcp_/ }).click();
    await page.waitForURL('**/receipts/rcp_*');
    const body = page.getByRole('region', { name: 'The body itself' });
    await shown(body.filter({ hasText: 'quiz.completed' }).filter({ hasText: 'Closures' }));
  });

  it('adds a source and sees its first webhook, after one that another key signed', async () => {
    await page.goto('/sources/new');
    await page.getByRole('radio', { name: 'QuizAPI' }).click();
    await page.getByRole('button', { name: 'Next' }).click();
    const secret = 'the-secret-that-the-new-source-has';
    await page.getByLabel('Webhook secret').fill(secret);
    const made = page.waitForResponse((r) => r.url().endsWith('/api/v1/sources') && r.request().method() === 'POST');
    await page.getByRole('button', { name: 'Make the URL' }).click();
    const source = (await (await made).json()) as { id: string; slug: string; ingestUrl: string };
    // Reachable only from this machine: said at once.
    await shown(page.getByText('Platforms cannot reach this URL: it leads to this machine only'));
    await shown(page.getByText('Waiting for the first webhook from QuizAPI'));
    const stranger = platformAt('quizapi', { ...source, secret: 'somebody-elses-secret' });
    expect((await stranger.send('quiz.completed')).status).toBe(401);
    await shown(page.getByText('Refused: signed with another key'));
    const platform = platformAt('quizapi', { ...source, secret });
    expect((await platform.send('quiz.completed', { learner: MARIA })).status).toBe(200);
    await shown(page.getByText('QuizAPI is connected: its webhooks arrive.'));
    await shown(page.locator('a[href*="/receipts/rcp_"]'));
  });

  it('shows an event that arrives while the page still asks for those before it', async () => {
    const asked = Promise.withResolvers<void>();
    const answer = Promise.withResolvers<void>();
    await page.route('**/api/v1/events?latest=*', async (route) => {
      // What the server knows now, told to the page later.
      const response = await route.fetch();
      asked.resolve();
      await answer.promise;
      await route.fulfill({ response });
    });
    await page.goto('/');
    await asked.promise;
    await shown(page.locator('[data-testid=freshness][data-status=live]'));
    const completed = page.getByRole('button', { name: /Explain this number: Completed/ });
    await shown(completed);
    const before = await completed.textContent();
    await quizapi.send('quiz.completed', { activity: { externalId: 'm', title: 'Meanwhile' }, attemptId: 'm-1' });
    // The page heard of it: the stream makes it ask for today's totals.
    await until('today counts it', async () => (await completed.textContent()) !== before);
    answer.resolve();
    const feed = page.getByRole('list', { name: 'Events, the newest first' });
    const rows = feed.locator('li[data-event="attempt.completed"]', { hasText: 'Meanwhile' });
    await shown(rows);
    expect(await rows.count()).toBe(1);
    await page.unroute('**/api/v1/events?latest=*');
  });

  it('resumes after the server restarts, with neither gap nor doubles', async () => {
    await page.goto('/');
    await shown(page.locator('[data-testid=freshness][data-status=live]'));
    const listed = (where: Page, title: string) =>
      where
        .getByRole('list', { name: 'Events, the newest first' })
        .locator('li[data-event="attempt.completed"]', { hasText: title });
    const of = (title: string) => listed(page, title);
    await quizapi.send('quiz.completed', { activity: { externalId: 'b', title: 'Before it' }, attemptId: 'r-1' });
    await shown(of('Before it'));
    // And one that heard of nothing since it was opened.
    const quiet = await context.newPage();
    await quiet.goto('/');
    await shown(quiet.locator('[data-testid=freshness][data-status=live]'));
    await shown(listed(quiet, 'Before it'));
    // Its stream comes back only when something has happened without it.
    await quiet.route('**/api/v1/live?*', (route) => route.abort());
    await server.kill();
    for (const each of [page, quiet]) await shown(each.locator('[data-testid=freshness][data-status=reconnecting]'));
    await server.start();
    // While the page still waits for its next try.
    await quizapi.send('quiz.completed', { activity: { externalId: 'w', title: 'While away' }, attemptId: 'r-2' });
    await shown(page.locator('[data-testid=freshness][data-status=live]'));
    await shown(of('While away'));
    await quiet.unroute('**/api/v1/live?*');
    await quiet.evaluate("window.dispatchEvent(new Event('online'))");
    await shown(quiet.locator('[data-testid=freshness][data-status=live]'));
    await quizapi.send('quiz.completed', { activity: { externalId: 'a', title: 'After it' }, attemptId: 'r-3' });
    await shown(of('After it'));
    for (const title of ['Before it', 'While away', 'After it'])
      expect([title, await of(title).count()]).toEqual([title, 1]);
    await shown(listed(quiet, 'After it'));
    for (const title of ['Before it', 'While away', 'After it'])
      expect([title, await listed(quiet, title).count()]).toEqual([title, 1]);
    await quiet.close();
  });

  it('keeps an instructor to the own class: by page, by API, by stream', async () => {
    // QuizAPI tells no names: the roster does.
    await server.post('/api/v1/learners/import', {
      rows: [MARIA, JONAS].map(({ externalId, name, email }) => ({ source: 'quizapi', externalId, name, email })),
    });
    const { data } = await server.get<{ data: { id: string; name: string | null }[] }>('/api/v1/learners?limit=50');
    const maria = data.find(({ name }) => name === MARIA.name);
    const jonas = data.find(({ name }) => name === JONAS.name);
    if (maria === undefined || jonas === undefined) throw new Error(`Learners are missing: ${JSON.stringify(data)}`);
    const cohort = await server.post<{ id: string }>('/api/v1/cohorts', { name: 'Morning class' });
    await server.post(`/api/v1/cohorts/${cohort.id}/members`, { learners: [maria.id] });
    const invited = await server.post<{ url: string }>('/api/v1/members/invitations', {
      email: 'ines@school.example',
      role: 'instructor',
      cohorts: [cohort.id],
    });

    const own = await newContext(browser, server.url);
    const seat = await own.newPage();
    await seat.goto(invited.url);
    await seat.getByLabel('Name').fill('Ines Instructor');
    await seat.getByLabel('Password', { exact: true }).fill(PASSWORD);
    await seat.getByRole('button', { name: 'Join' }).click();
    await shown(seat.getByRole('heading', { level: 1, name: 'Live' }));
    await shown(seat.locator('[data-testid=freshness][data-status=live]'));

    // By stream: Jonas first, so that he would be seen if he could be.
    const feed = seat.getByRole('list', { name: 'Events, the newest first' });
    await quizapi.send('quiz.completed', {
      learner: JONAS,
      activity: { externalId: 'x', title: 'Other' },
      attemptId: 'o-1',
    });
    await quizapi.send('quiz.completed', {
      learner: MARIA,
      activity: { externalId: 'y', title: 'Own' },
      attemptId: 'o-2',
    });
    await shown(feed.locator('li', { hasText: 'Own' }));
    expect(await feed.locator('li', { hasText: 'Other' }).count()).toBe(0);
    expect(await seat.getByText(JONAS.name).count()).toBe(0);

    // By page.
    await seat.getByRole('link', { name: 'Learners' }).click();
    await shown(seat.getByRole('link', { name: MARIA.name }));
    expect(await seat.getByText(JONAS.name).count()).toBe(0);
    await seat.goto(`/learners/${jonas.id}`);
    await shown(seat.getByRole('alert'));
    expect(await seat.getByText(JONAS.name).count()).toBe(0);

    // By API, with the session's own cookies.
    const status = async (route: string) => (await own.request.get(`${server.url}${route}`)).status();
    expect(await status(`/api/v1/learners/${maria.id}/progress`)).toBe(200);
    expect(await status(`/api/v1/learners/${jonas.id}/progress`)).toBe(403);
    expect(await status('/api/v1/members')).toBe(403);
    expect(own.problems).toEqual([]);
    await own.close();
  });

  it('logged no error and broke no policy on the way', () => {
    expect(context.problems).toEqual([]);
  });
});
