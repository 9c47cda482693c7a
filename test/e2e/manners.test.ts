/** What the dashboard owes everybody: keyboard, calm, languages, zones, and no names on a projector. Real Chromium, real server. */
import type { Browser, BrowserContext, BrowserContextOptions, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { launchChromium, newContext, useCookies } from '../helpers/chromium.ts';
import { createTestDatabase, type TestDatabase } from '../helpers/database.ts';
import { invited } from '../helpers/invited.ts';
import { addPlatform, JONAS, MARIA, type Platform } from '../helpers/platforms.ts';
import { type RealServer, startRealServer } from '../helpers/server.ts';
import { until } from '../helpers/until.ts';

const DAY_MS = 86_400_000;
/** Ten minutes before midnight in UTC, twenty past five of the next morning in Kolkata. */
const LATE = new Date(Math.floor(Date.now() / DAY_MS - 2) * DAY_MS - 600_000);
const PLAYED = { title: 'Closures', externalId: 'quiz-2' };
/** More than lie before the list of what needs action. */
const MOST_STOPS = 40;

let database: TestDatabase;
let server: RealServer;
let browser: Browser;
let cookies: string[];
let quizapi: Platform;
let maria: string;
const contexts: (BrowserContext & { problems: string[] })[] = [];

beforeAll(async () => {
  database = await createTestDatabase();
  server = await startRealServer({ DATABASE_URL: database.url });
  browser = await launchChromium();
  quizapi = await addPlatform(server, 'quizapi');
  const instruqt = await addPlatform(server, 'instruqt');
  await quizapi.send('quiz.completed', { learner: MARIA, activity: PLAYED, attemptId: 'late', at: LATE.getTime() });
  const about = { learner: JONAS, attemptId: 'play', index: 1 };
  await instruqt.send('track.started', about);
  await instruqt.send('track.challenge_started', about);
  for (let tries = 0; tries < 3; tries++) {
    await instruqt.send('track.challenge_attempted', about, { completed: false });
  }
  // QuizAPI tells no names: the roster does.
  const { externalId, name, email } = MARIA;
  await server.post('/api/v1/learners/import', { rows: [{ source: 'quizapi', externalId, name, email }] });
  maria = await until('everything is read', async () => {
    const { data } = await server.get<{ data: { id: string; name: string | null }[] }>('/api/v1/learners?limit=50');
    const flags = await server.get<{ data: unknown[] }>('/api/v1/attention');
    const { totals } = await server.get<{ totals: { attemptsCompleted: number } }>('/api/v1/overview');
    return (
      (flags.data.length > 0 && totals.attemptsCompleted > 0 && data.find((one) => one.name === MARIA.name)?.id) || null
    );
  });
  cookies = await invited(server, { email: 'ada@school.example', role: 'admin', name: 'Ada Admin' });
});

afterAll(async () => {
  await browser?.close();
  await server?.stop();
  await database?.drop();
});

/** A page of somebody who is signed in. */
async function open(path: string, options: BrowserContextOptions = {}): Promise<Page> {
  const context = await newContext(browser, server.url, options);
  contexts.push(context);
  await useCookies(context, server.url, cookies);
  const page = await context.newPage();
  await page.goto(path);
  await shown(page.getByRole('heading', { level: 1 }));
  return page;
}

async function shown(what: Locator): Promise<void> {
  await what.first().waitFor({ state: 'visible' });
}

async function allLoaded(page: Page): Promise<void> {
  const loading = page.locator('.mantine-Skeleton-root');
  await until('all is loaded', async () => (await loading.count()) === 0);
}

/** What is read of an element in the page: this project's types know no DOM. */
interface Element {
  labels?: ArrayLike<Element> | null;
  textContent: string | null;
  getAttribute(name: string): string | null;
  getBoundingClientRect(): { x: number; y: number; width: number; height: number };
  focus(): void;
  blur(): void;
}

/** What has the focus, as a screen reader would name it, more or less. */
function focused(page: Page): Promise<string> {
  return page
    .locator(':focus')
    .evaluate((element: Element) =>
      (element.getAttribute('aria-label') ?? element.labels?.[0]?.textContent ?? element.textContent ?? '').trim(),
    );
}

/** Whether what has the focus looks otherwise than without it. */
async function focusShows(page: Page): Promise<boolean> {
  const element = await page.locator(':focus').elementHandle();
  if (element === null) return false;
  // Radios are drawn by their label.
  const { x, y, width, height } = await element.evaluate((node: Element) => {
    const box = (node.labels?.[0] ?? node).getBoundingClientRect();
    return { x: box.x, y: box.y, width: box.width, height: box.height };
  });
  const clip = { x: Math.max(0, x - 6), y: Math.max(0, y - 6), width: width + 12, height: Math.min(height + 12, 300) };
  const withFocus = await page.screenshot({ clip, caret: 'hide' });
  await element.evaluate((node: Element) => node.blur());
  const without = await page.screenshot({ clip, caret: 'hide' });
  await element.evaluate((node: Element) => node.focus());
  return !withFocus.equals(without);
}

/** Waits until the content of the page has the focus. */
async function contentFocused(page: Page): Promise<void> {
  await shown(page.locator('main:focus'));
}

it('is walked by Tab: the skip link first, then the frame, then what needs action, and the focus shows', async () => {
  const page = await open('/');
  await shown(page.getByRole('button', { name: 'Acknowledge: Jonas Weber' }));
  const stops: string[] = [];
  const unseen: string[] = [];
  for (let stop = 0; stop < MOST_STOPS && !stops.includes('Snooze: Jonas Weber'); stop++) {
    await page.keyboard.press('Tab');
    const name = await focused(page);
    stops.push(name);
    if (!(await focusShows(page))) unseen.push(name);
  }
  expect(unseen).toEqual([]);
  const main = ['Live', 'Learners', 'Activities', 'Overview', 'Classes', 'Sources', 'Endpoints', 'Settings'];
  const bar = ['Class', 'Date range', 'Search', 'Pause live updates', 'Presenter mode', 'Your account'];
  const order = ['Skip to the content', ...main, ...bar, 'Open', 'Jonas Weber', 'Acknowledge: Jonas Weber'];
  expect(stops.filter((name) => order.includes(name))).toEqual(order);

  // The skip link skips; a link of the rail leads to its page, whose content has the focus then.
  await page.reload();
  await shown(page.getByRole('heading', { level: 1 }));
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await contentFocused(page);
  await page.getByRole('link', { name: 'Learners' }).focus();
  await page.keyboard.press('Enter');
  await shown(page.getByRole('heading', { level: 1, name: 'Learners' }));
  await contentFocused(page);
});

it('gives the focus back to what opened a menu, a drawer, a dialog or the search', async () => {
  const page = await open('/');
  const opensAndCloses = async (opener: Locator, opened: Locator) => {
    await shown(opener);
    await opener.focus();
    await page.keyboard.press('Enter');
    await shown(opened);
    await until('the focus is inside', async () => (await opened.locator(':focus').count()) > 0);
    await page.keyboard.press('Escape');
    await opened.waitFor({ state: 'hidden' });
    await until('the focus is back', async () => (await opener.and(page.locator(':focus')).count()) > 0);
  };
  await opensAndCloses(page.getByRole('button', { name: 'Your account' }), page.getByRole('menu'));
  const drawer = page.getByRole('dialog', { name: /What this number is made of/ });
  await opensAndCloses(page.getByRole('button', { name: /Explain this number: Completed/ }), drawer);
  await opensAndCloses(page.getByRole('button', { name: 'Search', exact: true }), page.getByRole('dialog'));
  await page.goto('/settings?tab=members');
  await opensAndCloses(page.getByRole('button', { name: 'Invite somebody' }), page.getByRole('dialog'));
});

it('finds a learner by Ctrl+K, and goes there by Enter', async () => {
  const page = await open('/overview');
  await page.keyboard.press('Control+K');
  const search = page.getByRole('dialog').getByRole('textbox', { name: 'Search' });
  await shown(search);
  await page.keyboard.type('fernández');
  await shown(page.getByRole('dialog').getByText(MARIA.name));
  await page.keyboard.press('Enter');
  await page.waitForURL(`**/learners/${maria}**`);
  await shown(page.getByRole('heading', { level: 1, name: MARIA.name }));
});

it('goes by Enter to the learner that is shown, while the rest of the name is still looked up', async () => {
  const page = await open('/overview');
  await page.keyboard.press('Control+K');
  const dialog = page.getByRole('dialog');
  await shown(dialog.getByRole('textbox', { name: 'Search' }));
  await page.keyboard.type('fern');
  await shown(dialog.getByText(MARIA.name));
  const asked = Promise.withResolvers<void>();
  const answer = Promise.withResolvers<void>();
  await page.route(/\/api\/v1\/learners\?.*search=fern%C3%A1/, async (route) => {
    asked.resolve();
    await answer.promise;
    await route.continue();
  });
  await page.keyboard.type('ández');
  await asked.promise;
  await page.keyboard.press('Enter');
  await page.waitForURL(`**/learners/${maria}**`);
  answer.resolve();
});

it('holds new events back while somebody reads, says how many politely, and can be paused', async () => {
  const page = await open('/');
  await shown(page.locator('[data-testid=freshness][data-status=live]'));
  const feed = page.getByRole('list', { name: 'Events, the newest first' });
  const of = (title: string) => feed.locator('li[data-event="attempt.completed"]', { hasText: title });
  const play = (title: string) =>
    quizapi.send('quiz.completed', { activity: { externalId: title, title }, attemptId: `at ${title}` });
  // What loads above the list moves it once more.
  await allLoaded(page);
  await feed.getByRole('listitem').nth(2).hover();
  const first = await feed.getByRole('listitem').first().textContent();
  for (let n = 1; n <= 3; n++) await play(`Read ${n}`);
  const gathered = page.getByRole('status').getByRole('button', { name: /new events$/ });
  await until('all are gathered', async () => Number.parseInt((await gathered.textContent()) ?? '', 10) >= 3);
  expect(await feed.getByRole('listitem').first().textContent()).toBe(first);
  await page.mouse.move(0, 0);
  for (let n = 1; n <= 3; n++) await shown(of(`Read ${n}`));
  expect(await gathered.count()).toBe(0);

  await page.getByRole('button', { name: 'Pause live updates' }).click();
  await play('Paused');
  await until('it is held back', async () =>
    /Paused \([1-9]/.test((await page.getByTestId('freshness').textContent()) ?? ''),
  );
  expect(await of('Paused').count()).toBe(0);
  await page.getByRole('button', { name: 'Resume live updates' }).click();
  await shown(of('Paused'));
  expect(await of('Paused').count()).toBe(1);
});

it.each([
  ['no-preference', ['gw-arrive']],
  ['reduce', []],
] as const)('with motion set to %s a new event comes with the animations %j', async (reducedMotion, animation) => {
  const page = await open('/', { reducedMotion });
  await shown(page.locator('[data-testid=freshness][data-status=live]'));
  const title = `Motion ${reducedMotion}`;
  await quizapi.send('quiz.completed', { activity: { externalId: title, title }, attemptId: title });
  const row = page.locator('li[data-event="attempt.completed"]', { hasText: title });
  await shown(row);
  const running = await row.evaluate((element: { getAnimations(): { animationName?: string }[] }) =>
    element.getAnimations().map(({ animationName }) => animationName),
  );
  expect(running).toEqual(animation);
});

it('speaks German: texts, the language of the page, dates; and remembers it', async () => {
  const page = await open(`/learners/${maria}?range=7d`);
  await page.getByRole('button', { name: 'Your account' }).click();
  await page.getByRole('menuitemradio', { name: 'Deutsch' }).click();
  await shown(page.getByRole('navigation', { name: 'Hauptnavigation' }).getByRole('link', { name: 'Lernende' }));
  expect(await page.locator('html').getAttribute('lang')).toBe('de');
  await page.reload();
  await shown(page.getByRole('heading', { level: 2, name: 'Versuche' }));
  expect(await page.locator('html').getAttribute('lang')).toBe('de');
  const at = new Intl.DateTimeFormat('de', { dateStyle: 'medium', timeStyle: 'short', timeZone: 'Asia/Kolkata' });
  await shown(page.getByText(at.format(LATE)));
  // Nothing of the frame and the page stayed English.
  const words = await page.locator('body').textContent();
  expect(words).not.toMatch(/\b(Learners|Attempts|Completed|Average|Search|Last \d+ days)\b/);
});

it('shows no name, address or id of a learner in presenter mode', async () => {
  const page = await open('/');
  await shown(page.getByText(JONAS.name));
  await page.getByRole('button', { name: 'Presenter mode' }).click();
  for (const [path, ready] of [
    ['/', page.getByRole('button', { name: /^Acknowledge: Learner \d+/ })],
    ['/learners', page.getByRole('row').nth(2)],
    [`/learners/${maria}`, page.getByRole('heading', { level: 2, name: 'Attempts' })],
  ] as const) {
    await page.goto(path);
    await shown(ready);
    await allLoaded(page);
    const html = await page.content();
    for (const { name, email, externalId } of [MARIA, JONAS]) {
      for (const secret of [name, ...name.split(' '), email, externalId]) {
        expect([path, secret, html.includes(secret)]).toEqual([path, secret, false]);
      }
    }
  }
});

it.each([
  ['Asia/Kolkata', 1],
  ['UTC', 0],
] as const)('counts what ended at 23:50 UTC on the day that it was in %s', async (timezoneId, later) => {
  const day = new Date(LATE.getTime() + later * DAY_MS);
  const label = (year?: 'numeric') =>
    new Intl.DateTimeFormat('en-GB', {
      day: 'numeric',
      month: 'short',
      ...(year ? { year } : {}),
      timeZone: 'UTC',
    }).format(day);
  const page = await open('/overview?range=7d', { timezoneId });
  await shown(page.getByText(timezoneId));
  await page.getByRole('button', { name: 'As a table' }).first().click();
  const rows = page.getByRole('region', { name: 'Trend' }).getByRole('row');
  await shown(rows.filter({ hasText: label() }).filter({ hasText: /1$/ }));
  // The first day of the trend is the first on which something was completed.
  expect(await rows.nth(1).textContent()).toBe(`${label()}1`);

  await page.goto(`/learners/${maria}?range=7d`);
  await page.getByRole('region', { name: 'Over time' }).getByRole('button', { name: 'As a table' }).first().click();
  const days = page.getByRole('region', { name: 'Over time' }).getByRole('row');
  await shown(days.filter({ hasText: label('numeric') }));
});

it('logged no error and broke no policy on the way', () => {
  expect(contexts.flatMap(({ problems }) => problems)).toEqual([]);
});
