/**
 * `npm run screenshots`: every page of the dashboard, light and dark, wide (1440) and narrow (360), of a school at work, into
 * web/screenshots/ (or the folder given). `npm run screenshots -- /tmp/shots learner overview` takes only those pages;
 * `--width 2560`, `--lang de` and `--window` (what fits a window, not the whole page) look at them otherwise.
 * Needs a built dashboard; the school's data are kept beside the pictures for the next time.
 */
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { launchChromium, newContext, useCookies } from '../test/helpers/chromium.ts';
import { dashboardPages, settled } from '../test/helpers/dashboard-pages.ts';
import { importRoster, startSchool } from '../test/helpers/demo-school.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    width: { type: 'string', multiple: true, default: ['1440', '360'] },
    lang: { type: 'string', default: 'en' },
    window: { type: 'boolean', default: false },
  },
});
const [folder = 'web/screenshots', ...only] = positionals;
const out = path.resolve(folder);
mkdirSync(out, { recursive: true });

const school = await startSchool(path.join(out, '.school'), { goesOn: true });
const browser = await launchChromium();
try {
  await importRoster(school);
  const pages = (await dashboardPages(school)).filter(({ name }) => only.length === 0 || only.includes(name));
  for (const colorScheme of ['light', 'dark'] as const) {
    for (const width of values.width.map(Number)) {
      const view = {
        colorScheme,
        viewport: { width, height: width > 600 ? 900 : 780 },
        timezoneId: 'Europe/Berlin',
        locale: values.lang === 'de' ? 'de-DE' : 'en-GB',
      };
      const context = await newContext(browser, school.url, view);
      const stranger = await newContext(browser, school.url, view);
      await useCookies(context, school.url, await school.signIn('admin'));
      for (const { name, path: address, signedOut } of pages) {
        const page = await (signedOut === true ? stranger : context).newPage();
        await page.goto(address);
        await settled(page);
        const file = path.join(out, `${name}-${colorScheme}-${width}.png`);
        await page.screenshot({ path: file, fullPage: !values.window });
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
