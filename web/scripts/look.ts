/**
 * A look at pages while they are being made: `node web/scripts/look.ts /learners /activities --dark --width 360 --lang de`.
 * Starts the demo's class on a data directory of its own (kept for the next look; LOOK_DATA names another), builds the
 * dashboard when its sources changed, signs in, and writes a PNG a page into --out (default: /tmp/gradewire-look).
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import chromium from '@sparticuz/chromium';
import { chromium as playwright } from 'playwright-core';

const root = path.dirname(path.dirname(import.meta.dirname));
const KEY = 'an-admin-key-for-looking-at-pages-0123456789';
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    dark: { type: 'boolean', default: false },
    width: { type: 'string', default: '1440' },
    height: { type: 'string', default: '900' },
    lang: { type: 'string', default: 'en' },
    out: { type: 'string', default: '/tmp/gradewire-look' },
    /** Only what is in the window, not the whole page. */
    window: { type: 'boolean', default: false },
    /** Selectors clicked before the picture, in order. */
    click: { type: 'string', multiple: true, default: [] },
  },
});

async function until<T>(what: string, ask: () => Promise<T | null>): Promise<T> {
  const deadline = Date.now() + 90_000;
  for (;;) {
    const answer = await ask().catch(() => null);
    if (answer !== null) return answer;
    if (Date.now() > deadline) throw new Error(`Waited in vain for ${what}.`);
    await sleep(100);
  }
}

async function call(url: string, method: string, route: string, body?: object): Promise<Response> {
  const response = await fetch(`${url}${route}`, {
    method,
    headers: { authorization: `Bearer ${KEY}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  if (!response.ok) throw new Error(`${method} ${route}: ${response.status} ${await response.text()}`);
  return response;
}

/** Signs in as an admin who was invited a moment ago; gives the session's cookies. */
async function session(url: string): Promise<string[]> {
  const email = `look-${Date.now()}@school.example`;
  const invited = await call(url, 'POST', '/api/v1/members/invitations', { email, role: 'admin' });
  const { url: link } = (await invited.json()) as { url: string };
  const token = link.split('/').at(-1) ?? '';
  const accepted = await call(url, 'POST', `/api/v1/invitations/${token}/accept`, {
    name: 'Ada Admin',
    password: 'a long password for looking',
  });
  return accepted.headers.getSetCookie();
}

spawnSync(process.execPath, [path.join(root, 'scripts/ensure-web.mjs')], { stdio: 'inherit' });
const port = 20_000 + (process.pid % 20_000);
const url = `http://127.0.0.1:${port}`;
const data = process.env.LOOK_DATA ?? '/tmp/gradewire-look-data';
const server: ChildProcess = spawn(
  process.execPath,
  [path.join(root, 'bin/gradewire.mjs'), 'demo', '--data-dir', data],
  {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: {
      ...process.env,
      GRADEWIRE_ADMIN_KEY: KEY,
      GRADEWIRE_ENCRYPTION_KEY: 'an-encryption-key-for-looking-at-pages-0123',
      PORT: String(port),
      LOG_LEVEL: 'error',
    },
  },
);
try {
  await until('the server', async () => ((await fetch(`${url}/readyz`)).ok ? true : null));
  await until('the class', async () => {
    const { data: seen } = (await (await call(url, 'GET', '/api/v1/attempts?state=completed&limit=200')).json()) as {
      data: unknown[];
    };
    return seen.length >= 150 ? true : null;
  });
  const cookies = await session(url);
  const browser = await playwright.launch({
    executablePath: await chromium.executablePath(),
    args: ['--no-sandbox', '--disable-gpu', '--headless=shell', '--font-render-hinting=none'],
  });
  try {
    const context = await browser.newContext({
      viewport: { width: Number(values.width), height: Number(values.height) },
      colorScheme: values.dark ? 'dark' : 'light',
      locale: values.lang === 'de' ? 'de-DE' : 'en-GB',
      timezoneId: 'Europe/Berlin',
    });
    await context.addCookies(
      cookies.map((cookie) => {
        const [pair = ''] = cookie.split(';');
        const at = pair.indexOf('=');
        return { name: pair.slice(0, at), value: decodeURIComponent(pair.slice(at + 1)), url };
      }),
    );
    const page = await context.newPage();
    page.on('console', (message) => {
      if (['error', 'warning'].includes(message.type())) console.log(`[${message.type()}] ${message.text()}`);
    });
    page.on('pageerror', (error) => console.log(`[page error] ${error.stack}`));
    mkdirSync(values.out, { recursive: true });
    for (const route of positionals) {
      // `/learners/:first` stands for the first entry of the API's list of that name.
      let target = route;
      const list = /^\/(\w+)\/:first/.exec(route)?.[1];
      if (list !== undefined) {
        const answer = (await (await call(url, 'GET', `/api/v1/${list}?limit=1`)).json()) as { data: { id: string }[] };
        target = route.replace(':first', answer.data[0]?.id ?? '');
      }
      await page.goto(`${url}${target}`);
      // Streams stay open, so there is no idle network to wait for: the skeletons must be gone.
      await page.waitForSelector('h1');
      await page.waitForFunction(() => document.querySelector('.mantine-Skeleton-root') === null, null, {
        timeout: 15_000,
      });
      for (const selector of values.click) await page.click(selector);
      if (values.click.length > 0) await sleep(700);
      const name = `${route.replaceAll(/[^a-z0-9]+/gi, '-').replace(/^-|-$/g, '') || 'live'}-${values.width}${values.dark ? '-dark' : ''}.png`;
      await page.screenshot({ path: path.join(values.out, name), fullPage: !values.window });
      console.log(path.join(values.out, name));
    }
  } finally {
    await browser.close();
  }
} finally {
  server.kill('SIGTERM');
}
