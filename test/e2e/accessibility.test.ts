/** axe finds nothing on any page, in either theme (WCAG 2.2 A and AA, and axe's best practices). */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import AxeBuilder from '@axe-core/playwright';
import type { Browser } from 'playwright-core';
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

describe.each([
  { colorScheme: 'light', width: 1440 },
  { colorScheme: 'dark', width: 360 },
] as const)('in the $colorScheme theme at $width px', ({ colorScheme, width }) => {
  it('axe finds nothing on any page, and no page is wider than the window', async () => {
    const context = await newContext(browser, school.url, { colorScheme, viewport: { width, height: 900 } });
    const stranger = await newContext(browser, school.url, { colorScheme, viewport: { width, height: 900 } });
    await useCookies(context, school.url, await school.signIn('admin'));
    const found: unknown[] = [];
    for (const { name, path: address, signedOut } of await dashboardPages(school)) {
      const page = await (signedOut === true ? stranger : context).newPage();
      await page.goto(address);
      await settled(page);
      const { violations } = await new AxeBuilder({ page })
        .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'])
        .analyze();
      for (const { id, nodes } of violations) {
        found.push({
          page: name,
          rule: id,
          nodes: nodes.slice(0, 3).map(({ html, failureSummary }) => [html, failureSummary]),
        });
      }
      const wider = await page
        .locator('html')
        .evaluate(
          ({ scrollWidth, clientWidth }: { scrollWidth: number; clientWidth: number }) => scrollWidth - clientWidth,
        );
      if (wider > 0) found.push({ page: name, rule: 'wider than the window', by: wider });
      await page.close();
    }
    expect(found).toEqual([]);
    expect([...context.problems, ...stranger.problems]).toEqual([]);
    await context.close();
    await stranger.close();
  }, 300_000);
});
