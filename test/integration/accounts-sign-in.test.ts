/** Signing in: the setup link, e-mail and password, the cookie, sessions, and attacks on each. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createAccounts } from '../../src/accounts/auth.ts';
import { newSetupToken } from '../../src/accounts/setup-link.ts';
import { openDatabase } from '../../src/db/database.ts';
import { guardedHttp } from '../../src/delivery/http/client.ts';
import { browserAt } from '../helpers/browser.ts';
import { at, createTestApp, type TestApp, testSettings, textAt } from '../helpers/http.ts';
import { makeMember, PASSWORD } from '../helpers/session.ts';

const COOKIE = 'gradewire.session_token';

let test: TestApp;

beforeAll(async () => {
  test = await createTestApp();
});
afterAll(() => test.close());

describe('the setup link', () => {
  it('makes the first administrator once, signs in, and is worth nothing afterwards', async () => {
    const browser = browserAt(test);
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
    const foreign = await browser.call('POST', '/api/v1/setup', { ...person, token }, FOREIGN);
    expect(foreign.status).toBe(403);

    // Two at once: one of them is the administrator.
    const browsers = [browser, browserAt(test)];
    const both = await Promise.all(browsers.map((each) => each.call('POST', '/api/v1/setup', { ...person, token })));
    expect(both.map(({ status }) => status).sort()).toEqual([201, 403]);
    const first = both.findIndex(({ status }) => status === 201);
    expect(both[first]?.json).toEqual({ email: 'asha@example.org' });
    expect((await browsers[first]?.call('GET', '/api/v1/me'))?.json).toMatchObject({
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

/** What a browser says of a request that another site caused. */
const FOREIGN = { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' };

describe('signing in', () => {
  it('gives a cookie that scripts and other sites cannot use, and nothing of it in the body', async () => {
    const person = await makeMember(test.db);
    const browser = browserAt(test);
    const answer = await browser.signIn(person.email.toUpperCase());
    expect(answer.status).toBe(200);
    const set = browser.setCookies.find((cookie) => cookie.startsWith(`${COOKIE}=`)) ?? '';
    expect(set).toMatch(/; HttpOnly/i);
    expect(set).toMatch(/; SameSite=Lax/i);
    expect(set).toMatch(/; Path=\//i);
    expect(set).not.toMatch(/; Secure/i);
    const token = decodeURIComponent(browser.cookies.get(COOKIE) ?? '').split('.')[0] ?? '';
    expect(token.length).toBeGreaterThan(20);
    expect(answer.text).not.toContain(token);
    expect((await browser.call('GET', '/api/auth/get-session')).text).not.toContain(token);
    expect(answer.headers['cache-control']).toBe('no-store');
  });

  it('marks the cookie Secure where PUBLIC_URL is https, and asks for https from then on', async () => {
    const settings = { ...testSettings(), publicUrl: 'https://gradewire.example/school' };
    const secure = await createTestApp({ settings });
    try {
      const person = await makeMember(secure.db);
      const browser = browserAt(secure);
      const origin = 'https://gradewire.example';
      const credentials = { email: person.email, password: PASSWORD };
      const answer = await browser.call('POST', '/api/auth/sign-in/email', credentials, { origin });
      expect([answer.status, answer.headers['strict-transport-security']]).toEqual([200, 'max-age=31536000']);
      const set = browser.setCookies.find((cookie) => cookie.startsWith(`__Secure-${COOKIE}=`)) ?? '';
      expect(set).toMatch(/; Secure/i);
      expect((await browser.call('GET', '/api/v1/me')).status).toBe(200);
    } finally {
      await secure.close();
    }
  });

  it('takes neither a wrong password nor an unknown address, and tells them apart for nobody', async () => {
    const person = await makeMember(test.db);
    const wrong = await browserAt(test).signIn(person.email, 'wrong horse battery');
    const unknown = await browserAt(test).signIn('nobody@example.org');
    expect([wrong.status, at(wrong.json, 'error')]).toEqual([401, 'invalid_credentials']);
    expect([unknown.status, unknown.json]).toEqual([401, wrong.json]);
  });

  it('is refused for a while after ten wrong passwords, for that address alone', async () => {
    const [person, other] = [await makeMember(test.db), await makeMember(test.db)];
    for (let n = 0; n < 10; n += 1) {
      expect((await browserAt(test).signIn(person.email, `guess number ${n}`)).status).toBe(401);
    }
    const locked = await browserAt(test).signIn(person.email);
    expect([locked.status, at(locked.json, 'error')]).toEqual([429, 'rate_limited']);
    expect(Number(locked.headers['retry-after'])).toBeGreaterThan(0);
    expect((await browserAt(test).signIn(other.email)).status).toBe(200);

    await test.db.query(`UPDATE sign_in_failures SET since = since - interval '11 minutes'`);
    expect((await browserAt(test).signIn(person.email)).status).toBe(200);
    // A good one begins the count anew.
    expect(await test.db.query("SELECT FROM sign_in_failures WHERE since > now() - interval '1 minute'")).toEqual([]);
  });

  it('is not guessed faster by guessing all at once', async () => {
    const person = await makeMember(test.db);
    const guesses = Array.from({ length: 25 }, (_, n) => browserAt(test).signIn(person.email, `guess number ${n}`));
    const answers = (await Promise.all(guesses)).map(({ status }) => status);
    // Fewer when connections are short: a 503 is no try either.
    expect(answers.filter((status) => status === 401).length).toBeLessThanOrEqual(10);
    expect(answers).toContain(429);
    expect((await browserAt(test).signIn(person.email)).status).toBe(429);
  });

  it('begins a new session, whatever cookie was there before (session fixation)', async () => {
    const [victim, attacker] = [await makeMember(test.db), await makeMember(test.db)];
    const evil = browserAt(test);
    await evil.signIn(attacker.email);
    const planted = evil.cookies.get(COOKIE) ?? '';
    const browser = browserAt(test);
    browser.cookies.set(COOKIE, planted);
    expect((await browser.signIn(victim.email)).status).toBe(200);
    expect(browser.cookies.get(COOKIE)).not.toBe(planted);
    expect(textAt((await browser.call('GET', '/api/v1/me')).json, 'user.email')).toBe(victim.email);
    expect(textAt((await evil.call('GET', '/api/v1/me')).json, 'user.email')).toBe(attacker.email);
  });

  it('cannot be done for somebody by another site', async () => {
    const person = await makeMember(test.db);
    const credentials = { email: person.email, password: PASSWORD };
    for (const headers of [FOREIGN, { ...FOREIGN, 'sec-fetch-site': null }, { ...FOREIGN, origin: null }]) {
      const answer = await browserAt(test).call('POST', '/api/auth/sign-in/email', credentials, headers);
      expect([answer.status, at(answer.json, 'error')]).toEqual([403, 'forbidden']);
    }
    // A program sends neither header, and has no cookies that could be abused.
    const none = { origin: null, 'sec-fetch-site': null };
    expect((await browserAt(test).call('POST', '/api/auth/sign-in/email', credentials, none)).status).toBe(200);
  });

  it('says so when the database is away, and not that the password is wrong', async () => {
    const away = openDatabase({ url: 'postgres://nobody@127.0.0.1:1/nowhere', max: 1, name: 'away' });
    const { settings, log } = test.context;
    const outgoing = guardedHttp({ allowPrivate: false });
    const accounts = createAccounts({ db: away, settings, mailer: null, outgoing, log });
    const broken = await createTestApp({ accounts });
    try {
      const answer = await browserAt(broken).signIn('asha@example.org');
      expect([answer.status, at(answer.json, 'error')]).toEqual([503, 'store_unavailable']);
    } finally {
      await broken.close();
      await away.close();
    }
  });

  it('leaves nobody a way to sign up, nor to the rest of better-auth', async () => {
    const body = { email: 'new@example.org', password: PASSWORD, name: 'New' };
    for (const path of ['/sign-up/email', '/delete-user', '/link-social', '/change-email', '/revoke-sessions']) {
      expect([path, (await browserAt(test).call('POST', `/api/auth${path}`, body)).status]).toEqual([path, 404]);
    }
    expect(await test.db.query(`SELECT FROM auth_users WHERE email = 'new@example.org'`)).toEqual([]);
  });
});

describe('a session cookie', () => {
  it('is no credential when it was made up, cut, or signed with another key', async () => {
    const person = await makeMember(test.db);
    const browser = browserAt(test);
    await browser.signIn(person.email);
    const real = browser.cookies.get(COOKIE) ?? '';
    const token = decodeURIComponent(real).split('.')[0] ?? '';
    for (const forged of [token, `${token}.`, `${token}.AAAA`, `${real.slice(0, -6)}AAAA%3D`, '%E0%A4%A', 'x.y']) {
      browser.cookies.set(COOKIE, forged);
      expect([forged, (await browser.call('GET', '/api/v1/me')).status]).toEqual([forged, 401]);
    }
  });

  it('changes nothing for requests that other sites cause (CSRF)', async () => {
    const person = await makeMember(test.db);
    const browser = browserAt(test);
    await browser.signIn(person.email);
    const body = { name: 'a key for the attacker', role: 'admin' };
    const attacks: Record<string, string | null>[] = [
      FOREIGN,
      { origin: 'https://evil.example', 'sec-fetch-site': null },
      { origin: 'null', 'sec-fetch-site': null },
      { origin: null, 'sec-fetch-site': 'same-site' },
      { origin: null, 'sec-fetch-site': 'none' },
      { origin: null, 'sec-fetch-site': null },
      // Another port is another origin, and so is another scheme.
      { origin: 'http://127.0.0.1:3000', 'sec-fetch-site': null },
      { origin: 'http://127.0.0.1:8080.evil.example', 'sec-fetch-site': null },
    ];
    for (const headers of attacks) {
      for (const [method, url] of [
        ['POST', '/api/v1/keys'],
        ['DELETE', `/api/v1/members/${person.id}`],
        ['POST', '/api/auth/sign-out'],
      ] as const) {
        const answer = await browser.call(method, url, body, headers);
        expect([headers, url, answer.status]).toEqual([headers, url, 403]);
      }
    }
    expect((await browser.call('POST', '/api/v1/keys', body)).status).toBe(201);
    // Opened by another name of this machine than PUBLIC_URL says.
    const local = { origin: 'http://localhost:8080', host: 'localhost:8080' };
    expect((await browser.call('POST', '/api/v1/keys', body, local)).status).toBe(201);
  });

  it('ends with signing out, everywhere', async () => {
    const person = await makeMember(test.db);
    const browser = browserAt(test);
    await browser.signIn(person.email);
    const stolen = browserAt(test);
    stolen.cookies.set(COOKIE, browser.cookies.get(COOKIE) ?? '');
    expect((await stolen.call('GET', '/api/v1/me')).status).toBe(200);
    expect((await browser.call('POST', '/api/auth/sign-out', {})).status).toBe(200);
    expect(browser.cookies.has(COOKIE)).toBe(false);
    expect((await stolen.call('GET', '/api/v1/me')).status).toBe(401);
  });

  it('ends when it is over, and its week begins anew with use', async () => {
    const person = await makeMember(test.db);
    const browser = browserAt(test);
    await browser.signIn(person.email);
    await test.db.query(`UPDATE auth_sessions SET expires_at = now() + interval '5 days' WHERE user_id = $1`, [
      person.userId,
    ]);
    browser.setCookies.length = 0;
    expect((await browser.call('GET', '/api/v1/me')).status).toBe(200);
    expect(browser.setCookies.join()).toContain(`${COOKIE}=`);
    const [row] = await test.db.query<{ renewed: boolean }>(
      `SELECT expires_at > now() + interval '6 days' AS renewed FROM auth_sessions WHERE user_id = $1`,
      [person.userId],
    );
    expect(row?.renewed).toBe(true);
    await test.db.query('UPDATE auth_sessions SET expires_at = now() WHERE user_id = $1', [person.userId]);
    // What was changed behind the server's back acts within the two seconds it believes unasked.
    test.context.keyring.forget(person.userId);
    expect((await browser.call('GET', '/api/v1/me')).status).toBe(401);
  });
});

describe('sessions', () => {
  it('are listed and ended by the person whose they are, and by nobody else', async () => {
    const [person, other] = [await makeMember(test.db), await makeMember(test.db)];
    const [here, there, elsewhere] = [browserAt(test), browserAt(test), browserAt(test)];
    await here.signIn(person.email);
    await there.signIn(person.email);
    await elsewhere.signIn(other.email);
    await there.call('GET', '/api/v1/me');

    const list = (await here.call('GET', '/api/v1/sessions', undefined, { 'user-agent': 'Firefox' })).json;
    expect(at(list, 'data')).toHaveLength(2);
    expect([at(list, 'data.0.current'), at(list, 'data.1.current')]).toEqual([false, true]);
    const theirs = textAt(list, 'data.0.id');

    expect((await elsewhere.call('DELETE', `/api/v1/sessions/${theirs}`)).status).toBe(404);
    expect((await test.call('DELETE', `/api/v1/sessions/${theirs}`)).status).toBe(404);
    const ticket = await there.call('POST', '/api/v1/tickets', { for: 'live' });
    expect((await here.call('DELETE', `/api/v1/sessions/${theirs}`)).status).toBe(204);
    expect((await there.call('GET', '/api/v1/me')).status).toBe(401);
    expect((await here.call('GET', '/api/v1/me')).status).toBe(200);
    // Its tickets end with it.
    const opened = await browserAt(test).call('GET', `/api/v1/live?ticket=${textAt(ticket.json, 'ticket')}`);
    expect(opened.status).toBe(401);
    expect((await test.call('GET', '/api/v1/sessions')).json).toEqual({ data: [], nextCursor: null });
  });

  it('end when the password is changed, if the person wants that', async () => {
    const person = await makeMember(test.db);
    const [here, there] = [browserAt(test), browserAt(test)];
    await here.signIn(person.email);
    await there.signIn(person.email);
    const change = { currentPassword: PASSWORD, newPassword: 'another horse battery', revokeOtherSessions: true };
    const wrong = await here.call('POST', '/api/auth/change-password', { ...change, currentPassword: 'not this one' });
    expect([wrong.status, at(wrong.json, 'error')]).toEqual([401, 'invalid_credentials']);
    const short = await here.call('POST', '/api/auth/change-password', { ...change, newPassword: 'short' });
    expect([short.status, at(short.json, 'error')]).toEqual([400, 'invalid_request']);
    expect((await here.call('POST', '/api/auth/change-password', change)).status).toBe(200);
    expect((await here.call('GET', '/api/v1/me')).status).toBe(200);
    expect((await there.call('GET', '/api/v1/me')).status).toBe(401);
    expect((await browserAt(test).signIn(person.email)).status).toBe(401);
    expect((await browserAt(test).signIn(person.email, change.newPassword)).status).toBe(200);
  });
});

describe('an account', () => {
  it('takes another name, and nothing else', async () => {
    const person = await makeMember(test.db);
    const browser = browserAt(test);
    await browser.signIn(person.email);
    const change = { name: 'Asha R. Rao', email: 'evil@example.org', emailVerified: true, role: 'admin', image: 'x' };
    expect((await browser.call('POST', '/api/auth/update-user', change)).status).toBe(200);
    expect(at((await browser.call('GET', '/api/v1/me')).json, 'user')).toEqual({
      id: person.id,
      name: 'Asha R. Rao',
      email: person.email,
    });
    const [row] = await test.db.query('SELECT image FROM auth_users WHERE id = $1', [person.userId]);
    expect(row).toEqual({ image: null });
    for (const name of ['', '  ', 'x'.repeat(201)]) {
      expect((await browser.call('POST', '/api/auth/update-user', { name })).status).toBe(400);
    }
    expect((await browserAt(test).call('POST', '/api/auth/update-user', { name: 'Eve' })).status).toBe(401);
  });
});

describe('a key', () => {
  it('needs no origin, and counts before a cookie', async () => {
    const answer = await browserAt(test).call(
      'POST',
      '/api/v1/keys',
      { name: 'by key', role: 'instructor' },
      { authorization: `Bearer ${await test.keyFor('admin')}`, ...FOREIGN, cookie: `${COOKIE}=x` },
    );
    expect(answer.status).toBe(201);
    expect((await test.call('GET', '/api/v1/me')).json).toMatchObject({ kind: 'key', user: null, role: 'admin' });
  });
});
