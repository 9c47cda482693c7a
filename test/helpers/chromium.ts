/** Real Chromium from npm, and pages of the dashboard that fail the test when they log an error. */
import chromium from '@sparticuz/chromium';
import { type Browser, type BrowserContext, type BrowserContextOptions, chromium as playwright } from 'playwright-core';

/** A page that has not shown something by then is not going to. */
const PATIENCE_MS = 20_000;

export async function launchChromium(): Promise<Browser> {
  return await playwright.launch({
    executablePath: await chromium.executablePath(),
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--headless=shell',
      '--font-render-hinting=none',
      '--disable-background-networking',
      '--no-first-run',
    ],
  });
}

/** A person's browser: cookies and storage of their own. */
export async function newContext(
  browser: Browser,
  baseURL: string,
  options: BrowserContextOptions = {},
): Promise<BrowserContext & { problems: string[] }> {
  const context = await browser.newContext({
    baseURL,
    viewport: { width: 1280, height: 900 },
    locale: 'en-GB',
    timezoneId: 'Asia/Kolkata',
    reducedMotion: 'reduce',
    ...options,
  });
  context.setDefaultTimeout(PATIENCE_MS);
  const problems: string[] = [];
  context.on('weberror', (error) => problems.push(String(error.error())));
  context.on('console', (message) => {
    // What the policy refuses is told here and nowhere else.
    if (message.type() === 'error' && /Content Security Policy|Uncaught|React/.test(message.text())) {
      problems.push(message.text());
    }
  });
  return Object.assign(context, { problems });
}

/** Puts a session's Set-Cookie headers into a browser. */
export async function useCookies(context: BrowserContext, url: string, setCookies: readonly string[]): Promise<void> {
  await context.addCookies(
    setCookies.map((cookie) => {
      const [pair = ''] = cookie.split(';', 1);
      const at = pair.indexOf('=');
      return { name: pair.slice(0, at), value: decodeURIComponent(pair.slice(at + 1)), url };
    }),
  );
}
