/** Single sign-on at a real OpenID provider: who is let in, who is not, and what an attacker in between gets. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Browser, browserAt } from '../helpers/browser.ts';
import { at, createTestApp, type TestApp, testSettings, textAt } from '../helpers/http.ts';
import { type OidcProvider, startOidcProvider } from '../helpers/oidc-provider.ts';
import { makeMember } from '../helpers/session.ts';

let provider: OidcProvider;
let test: TestApp;

beforeAll(async () => {
  provider = await startOidcProvider();
  const { issuer, clientId, clientSecret } = provider;
  const oidc = { issuer, clientId, clientSecret, name: 'School login' };
  test = await createTestApp({ settings: { ...testSettings(), oidc, allowPrivateEndpoints: ['127.0.0.1/32'] } });
});
afterAll(async () => {
  await test.close();
  await provider.close();
});

/** The button of the sign-in page, the provider's page, and the way back; gives where the browser ends up. */
async function signInThere(browser: Browser, person: Record<string, unknown>): Promise<string> {
  provider.person = person;
  return await comeBack(browser, await askProvider(browser));
}

/** The address the provider sends the browser back to. */
async function askProvider(browser: Browser): Promise<string> {
  const started = await browser.call('POST', '/api/auth/sign-in/social', {
    provider: 'oidc',
    callbackURL: '/live',
    errorCallbackURL: '/sign-in',
  });
  expect([started.status, started.text]).toEqual([200, started.text]);
  const answer = await fetch(textAt(started.json, 'url'), { redirect: 'manual' });
  return answer.headers.get('location') ?? '';
}

async function comeBack(browser: Browser, location: string): Promise<string> {
  const { pathname, search } = new URL(location);
  // The provider's redirect is a navigation from another site.
  const answer = await browser.call('GET', `${pathname}${search}`, undefined, { 'sec-fetch-site': 'cross-site' });
  expect(answer.status).toBe(302);
  return String(answer.headers.location);
}

const asha = { sub: 'p-1', email: 'Asha@example.org', email_verified: true, name: 'Asha Rao' };

describe('single sign-on', () => {
  it('is offered where it is configured', async () => {
    const options = await test.call('GET', '/api/v1/sign-in-options', { key: null });
    expect(at(options.json, 'sso')).toEqual([{ id: 'oidc', name: 'School login' }]);
  });

  it('refuses a stranger with a sentence, and makes no account', async () => {
    const browser = browserAt(test);
    const end = await signInThere(browser, asha);
    expect(end).toMatch(/^\/sign-in\?error=not_invited&error_description=Nobody\+has\+invited/);
    expect((await browser.call('GET', '/api/v1/me')).status).toBe(401);
    expect(await test.db.query('SELECT FROM auth_users')).toEqual([]);
  });

  it('lets an invited person in with the role of the invitation, and again after that', async () => {
    await makeMember(test.db);
    await test.call('POST', '/api/v1/members/invitations', { body: { email: 'asha@example.org', role: 'instructor' } });
    const browser = browserAt(test);
    expect(await signInThere(browser, asha)).toBe('/live');
    expect((await browser.call('GET', '/api/v1/me')).json).toMatchObject({
      role: 'instructor',
      user: { name: 'Asha Rao', email: 'asha@example.org' },
    });
    expect(at((await test.call('GET', '/api/v1/members/invitations')).json, 'data')).toEqual([]);
    const later = browserAt(test);
    // Known by the provider's subject, whatever the address is by then.
    expect(await signInThere(later, { ...asha, email: 'asha.rao@example.org' })).toBe('/live');
    expect(at((await later.call('GET', '/api/v1/me')).json, 'user.email')).toBe('asha@example.org');
  });

  it('takes a member with a password as the same person', async () => {
    const member = await makeMember(test.db, { role: 'instructor', email: 'ben@example.org' });
    const browser = browserAt(test);
    expect(await signInThere(browser, { sub: 'p-2', email: 'ben@example.org', email_verified: true })).toBe('/live');
    expect(at((await browser.call('GET', '/api/v1/me')).json, 'user.id')).toBe(member.id);
  });

  it('takes no address that the provider says is not verified', async () => {
    const member = await makeMember(test.db, { email: 'cleo@example.org' });
    const browser = browserAt(test);
    const end = await signInThere(browser, { sub: 'p-3', email: member.email, email_verified: false });
    expect(end).toMatch(/^\/sign-in\?error=email_not_verified/);
    expect((await browser.call('GET', '/api/v1/me')).status).toBe(401);
    expect(await test.db.query(`SELECT FROM auth_accounts WHERE account_id = 'p-3'`)).toEqual([]);
  });

  it('lets nobody in who was removed since', async () => {
    const [user] = await test.db.query<{ id: string }>(`SELECT id FROM auth_users WHERE email = 'asha@example.org'`);
    await test.call('DELETE', `/api/v1/members/mem_${user?.id.replaceAll('-', '')}`);
    const browser = browserAt(test);
    expect(await signInThere(browser, asha)).toMatch(/^\/sign-in\?error=not_invited/);
  });

  it('works once for the browser that began it, with a token for this server and this sign-in', async () => {
    const member = { sub: 'p-2', email: 'ben@example.org', email_verified: true };
    provider.person = member;
    const [victim, attacker] = [browserAt(test), browserAt(test)];
    const location = await askProvider(attacker);
    // Signing a victim in as the attacker, with the attacker's own answer of the provider.
    expect(await comeBack(victim, location)).toMatch(/error=/);
    expect((await victim.call('GET', '/api/v1/me')).status).toBe(401);

    for (const forge of [{ nonce: 'another' }, { aud: 'another' }, { iss: 'https://evil.example' }, { exp: 1 }]) {
      provider.forge = forge;
      const browser = browserAt(test);
      expect([forge, await signInThere(browser, member)]).toEqual([forge, expect.stringMatching(/error=/)]);
      expect((await browser.call('GET', '/api/v1/me')).status).toBe(401);
    }
    provider.forge = {};
    const browser = browserAt(test);
    const back = await askProvider(browser);
    expect(await comeBack(browser, back)).toBe('/live');
    expect(await comeBack(browser, back)).toMatch(/error=/);
  });

  it('says so while the provider does not answer, and works once it does', async () => {
    const { issuer, clientId, clientSecret } = provider;
    await provider.close();
    const oidc = { issuer, clientId, clientSecret, name: 'School login' };
    const other = await createTestApp({
      settings: { ...testSettings(), oidc, allowPrivateEndpoints: ['127.0.0.1/32'] },
    });
    try {
      const body = { provider: 'oidc', callbackURL: '/live', errorCallbackURL: '/sign-in' };
      const away = await browserAt(other).call('POST', '/api/auth/sign-in/social', body);
      expect([away.status, textAt(away.json, 'message')]).toEqual([404, expect.stringContaining('did not answer')]);
      // Passwords work all the same.
      const member = await makeMember(other.db);
      expect((await browserAt(other).signIn(member.email)).status).toBe(200);
      provider = await startOidcProvider(Number(new URL(issuer).port));
      expect((await browserAt(other).call('POST', '/api/auth/sign-in/social', body)).status).toBe(200);
    } finally {
      await other.close();
    }
  });

  it('calls no address that the operator has not allowed, and says which setting allows it', async () => {
    const { clientId, clientSecret, issuer } = provider;
    const oidc = { issuer, clientId, clientSecret, name: 'School login' };
    const closed = await createTestApp({ settings: { ...testSettings(), oidc } });
    const asked = provider.asked;
    try {
      const body = { provider: 'oidc', callbackURL: '/live', errorCallbackURL: '/sign-in' };
      expect((await browserAt(closed).call('POST', '/api/auth/sign-in/social', body)).status).toBe(404);
      expect(closed.log.join()).toContain('GRADEWIRE_ALLOW_PRIVATE_ENDPOINTS');
      expect(provider.asked).toBe(asked);
    } finally {
      await closed.close();
    }
  });

  it('sends nobody to another site', async () => {
    const body = { provider: 'oidc', callbackURL: 'https://evil.example/', errorCallbackURL: '/sign-in' };
    const answer = await browserAt(test).call('POST', '/api/auth/sign-in/social', body);
    expect([answer.status, at(answer.json, 'error')]).toEqual([403, 'forbidden']);
    const other = await browserAt(test).call('POST', '/api/auth/sign-in/social', {
      provider: 'oidc',
      callbackURL: '/live',
      errorCallbackURL: '//evil.example',
    });
    expect(other.status).toBe(403);
  });
});
