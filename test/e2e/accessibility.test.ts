/** axe finds nothing on any page, in either theme (WCAG 2.2 A and AA, and axe's best practices). */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import AxeBuilder from '@axe-core/playwright';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchChromium, newContext, useCookies } from '../helpers/chromium.ts';
import { dashboardPages, settled } from '../helpers/dashboard-pages.ts';
import { type School, startSchool } from '../helpers/demo-school.ts';

let dataDir: string;
let school: School;
let browser: Browser;

beforeAll(async () => {
  dataDir = mkdtempSync(path.join(tmpdir(), 'gradewire-axe-'));
  school = await startSchool(dataDir);
  browser = await launchChromium();
}, 180_000);

afterAll(async () => {
  await browser?.close();
  await school?.close();
  rmSync(dataDir, { recursive: true, force: true });
});

/** Looked at side by side: one page is computed while another is fetched. */
const AT_ONCE = 3;

describe.each([
  { colorScheme: 'light', width: 1440 },
  { colorScheme: 'dark', width: 360 },
] as const)('in the $colorScheme theme at $width px', ({ colorScheme, width }) => {
  it('axe finds nothing on any page, and no page is wider than the window', async () => {
    const view = { colorScheme, viewport: { width, height: 900 } };
    const context = await newContext(browser, school.url, view);
    const stranger = await newContext(browser, school.url, view);
    await useCookies(context, school.url, await school.signIn('admin'));
    const found: unknown[] = [];
    const left = await dashboardPages(school);
    await Promise.all(
      Array.from({ length: AT_ONCE }, async () => {
        for (let next = left.shift(); next !== undefined; next = left.shift()) {
          const { name, path: address, signedOut } = next;
          const page = await (signedOut === true ? stranger : context).newPage();
          await page.goto(address);
          await settled(page);
          found.push(...(await problemsOf(page)).map((problem) => ({ page: name, ...problem })));
          await page.close();
        }
      }),
    );
    expect(found).toEqual([]);
    expect([...context.problems, ...stranger.problems]).toEqual([]);
    await context.close();
    await stranger.close();
  }, 300_000);
});

async function problemsOf(page: Page): Promise<object[]> {
  const { violations } = await new AxeBuilder({ page })
    .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'])
    // Without frames there is nothing to put together in a page of its own.
    .setLegacyMode(true)
    .analyze();
  const wider = await page
    .locator('html')
    .evaluate(
      ({ scrollWidth, clientWidth }: { scrollWidth: number; clientWidth: number }) => scrollWidth - clientWidth,
    );
  return [
    ...violations.map(({ id, nodes }) => ({
      rule: id,
      nodes: nodes.slice(0, 3).map(({ html, failureSummary }) => [html, failureSummary]),
    })),
    ...(wider > 0 ? [{ rule: 'wider than the window', by: wider }] : []),
  ];
}
