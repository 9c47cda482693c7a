/** Signing in: the setup link, e-mail and password, the cookie, and attacks on each. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newSetupToken } from '../../src/accounts/setup-link.ts';
import { type Browser, browserAt } from '../helpers/browser.ts';
import { at, createTestApp, type TestApp } from '../helpers/http.ts';
import { makeMember, PASSWORD } from '../helpers/session.ts';

let test: TestApp;
let browser: Browser;

beforeAll(async () => {
  test = await createTestApp();
});
afterAll(() => test.close());

describe('the setup link', () => {
  it('makes the first administrator once, signs in, and is worth nothing afterwards', async () => {
    browser = browserAt(test);
    expect((await browser.call('GET', '/api/v1/sign-in-options')).json).toMatchObject({ setupNeeded: true, sso: [] });
    const old = await newSetupToken(test.db);
    const token = await newSetupToken(test.db);
    const person = { name: 'Asha Rao', email: 'Asha@Example.org', password: PASSWORD };

    // A newer link replaces the one before; a made-up one never held.
    for (const wrong of [old, 'x'.repeat(43)]) {
      const refused = await browser.call('POST', '/api/v1/setup', { ...person, token: wrong });
      expect([refused.status, at(refused.json, 'error')]).toEqual([403, 'forbidden']);
    }
    const short = await browser.call('POST', '/api/v1/setup', { ...person, token, password: 'short' });
    expect([short.status, at(short.json, 'details.0.path')]).toEqual([400, 'body/password']);

    const done = await browser.call('POST', '/api/v1/setup', { ...person, token });
    expect([done.status, done.json]).toEqual([201, { email: 'asha@example.org' }]);
    const me = await browser.call('GET', '/api/v1/me');
    expect(me.json).toMatchObject({
      kind: 'session',
      role: 'admin',
      user: { name: 'Asha Rao', email: 'asha@example.org' },
      learner: null,
      cohorts: null,
      workspace: { slug: 'default', tz: 'UTC', attempts: { learner: 'all', class: 'last', items: 'first' } },
      mail: false,
    });

    const again = await browserAt(test).call('POST', '/api/v1/setup', { ...person, email: 'eve@example.org', token });
    expect(again.status).toBe(403);
    expect(await newSetupToken(test.db)).toBeNull();
    expect((await browser.call('GET', '/api/v1/sign-in-options')).json).toMatchObject({ setupNeeded: false });
  });
});
