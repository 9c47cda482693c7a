/** The dashboard's files: the page under its policy, assets cached for good, everything else as before. */
import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { brotliCompressSync, brotliDecompressSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { at, createTestApp, type TestApp } from '../helpers/http.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'gradewire-web-'));
const SCRIPT = 'console.log("the dashboard");'.repeat(50);
let test: TestApp;

beforeAll(async () => {
  test = await createTestApp({ webDir: folder });
});
afterAll(async () => {
  await test.close();
  rmSync(folder, { recursive: true });
});

const asPage = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' };

function get(url: string, headers: Record<string, string> = {}, method: 'GET' | 'HEAD' | 'POST' = 'GET') {
  return test.app.inject({ method, url, headers });
}

function build(title: string): void {
  mkdirSync(path.join(folder, 'assets'), { recursive: true });
  mkdirSync(path.join(folder, '.vite'), { recursive: true });
  writeFileSync(path.join(folder, 'assets/main-abc123.js'), SCRIPT);
  writeFileSync(path.join(folder, 'assets/main-abc123.js.br'), brotliCompressSync(SCRIPT));
  writeFileSync(path.join(folder, 'theme.js'), '0');
  writeFileSync(path.join(folder, '.vite/manifest.json'), '{}');
  writeFileSync(
    path.join(folder, 'index.html'),
    `<!doctype html><meta name="csp-nonce" nonce="__CSP_NONCE__"><title>${title}</title>`,
  );
}

describe('before the dashboard is built', () => {
  it('a page says how to build it', async () => {
    const page = await get('/', asPage);
    expect([page.statusCode, page.headers['content-type']]).toEqual([200, 'text/html; charset=utf-8']);
    expect(page.payload).toContain('npm run web:build');
    expect((await get('/learners', asPage)).statusCode).toBe(404);
  });
});

describe('the dashboard', () => {
  beforeAll(() => build('Gradewire'));

  it('is every address of a page, under a policy that runs nothing from elsewhere', async () => {
    const nonces = new Set<string>();
    for (const url of ['/', '/learners/lrn_1?tab=answers', '/sign-in', '/setup?token=x']) {
      const page = await get(url, asPage);
      expect([url, page.statusCode, page.headers['cache-control']]).toEqual([url, 200, 'no-store']);
      const policy = String(page.headers['content-security-policy']);
      const nonce = /'nonce-([^']+)'/.exec(policy)?.[1] ?? '';
      expect(page.payload).toContain(`nonce="${nonce}"`);
      nonces.add(nonce);
      expect(policy.split('; ').sort()).toEqual(
        [
          "default-src 'none'",
          "script-src 'self'",
          `style-src 'self' 'nonce-${nonce}'`,
          "img-src 'self' data:",
          "font-src 'self'",
          "connect-src 'self'",
          "manifest-src 'self'",
          "base-uri 'none'",
          "form-action 'self'",
          "frame-ancestors 'none'",
        ].sort(),
      );
      expect(page.headers).toMatchObject({
        'x-content-type-options': 'nosniff',
        'x-frame-options': 'DENY',
        'referrer-policy': 'no-referrer',
        'cross-origin-opener-policy': 'same-origin',
      });
    }
    // One nonce is good for one answer.
    expect(nonces.size).toBe(4);
  });

  it('keeps hashed files for good and asks again for the rest, compressed where that is there', async () => {
    const script = await get('/assets/main-abc123.js', { 'accept-encoding': 'gzip, br' });
    expect(script.headers).toMatchObject({
      'cache-control': 'public, max-age=31536000, immutable',
      'content-encoding': 'br',
      'content-type': expect.stringMatching(/javascript/),
    });
    expect(brotliDecompressSync(script.rawPayload).toString()).toBe(SCRIPT);
    expect((await get('/assets/main-abc123.js')).payload).toBe(SCRIPT);
    expect((await get('/theme.js')).headers['cache-control']).toBe('public, max-age=0');
  });

  it('answers for nothing that is not its own', async () => {
    const urls: [string, number][] = [
      ['/api/v1/nothing', 404],
      ['/api/nothing', 404],
      ['/webhooks/nothing/x', 404],
      ['/assets/gone-000000.js', 404],
      ['/.vite/manifest.json', 200],
      ['/assets/..%2f..%2fpackage.json', 404],
      ['/assets/main-abc123.js.br', 404],
    ];
    for (const [url, status] of urls) {
      const answer = await get(url, asPage);
      expect([url, answer.statusCode]).toEqual([url, status]);
      // At most the page itself: never the file.
      if (status === 200) expect(answer.payload).toContain('<title>');
      else expect(at(JSON.parse(answer.payload), 'error')).toBe('not_found');
    }
    // A program that mistypes an address is told so.
    expect((await get('/learners', { accept: 'application/json' })).statusCode).toBe(404);
    expect((await get('/learners', {})).statusCode).toBe(404);
    expect((await get('/learners', asPage, 'POST')).statusCode).toBe(404);
    expect((await get('/', asPage, 'POST')).statusCode).toBe(405);
    expect((await get('/learners', asPage, 'HEAD')).statusCode).toBe(200);
    expect((await get('/docs', asPage)).payload).toContain('openapi.json');
    expect((await get('/healthz', asPage)).headers['content-type']).toMatch(/json/);
  });

  it('is served as it is built anew', async () => {
    build('Another build');
    utimesSync(path.join(folder, 'index.html'), new Date(), new Date(Date.now() + 5_000));
    expect((await get('/', asPage)).payload).toContain('Another build');
  });
});
