/** axe finds nothing on any page, in either theme (WCAG 2.2 A and AA, and axe's best practices); a phone shows where one is. */
import { rmSync } from 'node:fs';
import axe from 'axe-core';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { launchChromium, newContext, useCookies } from '../helpers/chromium.ts';
import { dashboardPages, settled } from '../helpers/dashboard-pages.ts';
import { type School, startSchool } from '../helpers/demo-school.ts';
import { dataFolder } from '../helpers/memory.ts';
import { until } from '../helpers/until.ts';

let dataDir: string;
let school: School;
let browser: Browser;

beforeAll(async () => {
  dataDir = dataFolder('gradewire-axe-');
  school = await startSchool(dataDir, { goesOn: false });
  browser = await launchChromium();
}, 180_000);

afterAll(async () => {
  await browser?.close();
  await school?.close();
  rmSync(dataDir, { recursive: true, force: true });
});

/** Looked at side by side: one page is computed while another is fetched. */
const AT_ONCE = 3;

const VIEWS = [
  { colorScheme: 'light', width: 1440 },
  { colorScheme: 'dark', width: 360 },
] as const;

it('axe finds nothing on any page in either theme, and no page is wider than the window', async () => {
  const context = await newContext(browser, school.url);
  const stranger = await newContext(browser, school.url);
  await useCookies(context, school.url, await school.signIn('admin'));
  const found: unknown[] = [];
  const left = await dashboardPages(school);
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      for (let next = left.shift(); next !== undefined; next = left.shift()) {
        const { name, path: address, signedOut } = next;
        const page = await (signedOut === true ? stranger : context).newPage();
        // Half of the pages are opened wide and light, half narrow and dark, so that neither is only ever what the other became.
        const views = left.length % 2 === 0 ? VIEWS : VIEWS.toReversed();
        for (const [i, { colorScheme, width }] of views.entries()) {
          await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
          await page.setViewportSize({ width, height: 900 });
          if (i === 0) await page.goto(address);
          // The page hears of another scheme by an event; asked at once, a busy machine still shows the one before.
          await page.locator(`html[data-mantine-color-scheme="${colorScheme}"]`).waitFor({ timeout: 30_000 });
          await settled(page);
          found.push(...(await problemsOf(page)).map((problem) => ({ page: name, colorScheme, ...problem })));
        }
        await page.close();
      }
    }),
  );
  expect(found).toEqual([]);
  expect([...context.problems, ...stranger.problems]).toEqual([]);
  await context.close();
  await stranger.close();
}, 300_000);

it('on a phone, the link and the tab of where one is are in sight', async () => {
  const context = await newContext(browser, school.url, { viewport: { width: 360, height: 780 }, locale: 'de-DE' });
  await useCookies(context, school.url, await school.signIn('admin'));
  const page = await context.newPage();
  await page.goto('/settings?tab=audit');
  await settled(page);
  for (const current of ['nav [aria-current="page"]', '[role="tab"][aria-selected="true"]']) {
    const element = page.locator(current);
    const inSight = async () => {
      const box = await element.boundingBox();
      return box !== null && Math.round(box.x) >= 0 && Math.round(box.x + box.width) <= 360;
    };
    await until(`${current} is in sight`, inSight);
  }
  expect(context.problems).toEqual([]);
  await context.close();
});

const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/** axe runs in the page, and only what it finds comes out of it: its whole answer is megabytes of what is in order. */
async function problemsOf(page: Page): Promise<object[]> {
  await page.evaluate(axe.source);
  const violations = await page.evaluate(async (rules) => {
    const ran = await (globalThis as unknown as { axe: typeof axe }).axe.run({
      runOnly: rules,
      resultTypes: ['violations'],
    });
    return ran.violations.map(({ id, nodes }) => ({
      rule: id,
      nodes: nodes.slice(0, 3).map(({ html, failureSummary }) => [html, failureSummary]),
    }));
  }, RULES);
  const wider = await page
    .locator('html')
    .evaluate(
      ({ scrollWidth, clientWidth }: { scrollWidth: number; clientWidth: number }) => scrollWidth - clientWidth,
    );
  return [...violations, ...(wider > 0 ? [{ rule: 'wider than the window', by: wider }] : [])];
}
