/**
 * `npm run screenshots`: every page of the dashboard, light and dark, wide (1440) and narrow (360), of a school at work, into
 * web/screenshots/ (or the folder given). `npm run screenshots -- /tmp/shots learner overview` takes only those pages.
 * Needs a built dashboard; the school's data are kept beside the pictures for the next time.
 */
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { launchChromium, newContext, useCookies } from '../test/helpers/chromium.ts';
import { dashboardPages, settled } from '../test/helpers/dashboard-pages.ts';
import { startSchool } from '../test/helpers/demo-school.ts';

const [folder = 'web/screenshots', ...only] = process.argv.slice(2);
const out = path.resolve(folder);
mkdirSync(out, { recursive: true });

const school = await startSchool(path.join(out, '.school'));
const browser = await launchChromium();
try {
  const pages = (await dashboardPages(school)).filter(({ name }) => only.length === 0 || only.includes(name));
  for (const colorScheme of ['light', 'dark'] as const) {
    for (const width of [1440, 360]) {
      const view = { colorScheme, viewport: { width, height: width > 600 ? 900 : 780 }, timezoneId: 'Europe/Berlin' };
      const context = await newContext(browser, school.url, view);
      const stranger = await newContext(browser, school.url, view);
      await useCookies(context, school.url, await school.signIn('admin'));
      for (const { name, path: address, signedOut } of pages) {
        const page = await (signedOut === true ? stranger : context).newPage();
        await page.goto(address);
        await settled(page);
        const file = path.join(out, `${name}-${colorScheme}-${width}.png`);
        await page.screenshot({ path: file, fullPage: true });
        process.stdout.write(`${path.relative(process.cwd(), file)}\n`);
        await page.close();
      }
      for (const problem of [...context.problems, ...stranger.problems]) process.stderr.write(`${problem}\n`);
      await context.close();
      await stranger.close();
    }
  }
} finally {
  await browser.close();
  await school.close();
}
