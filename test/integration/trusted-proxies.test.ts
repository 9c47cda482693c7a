/** Whose address a request is taken to come from: GRADEWIRE_TRUSTED_PROXIES. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { at, createTestApp, type TestApp, testSettings } from '../helpers/http.ts';
import { makeMember } from '../helpers/session.ts';

const PROXY = '10.1.2.3';
const CLIENT = '203.0.113.5';

let trusting: TestApp;
let plain: TestApp;
beforeAll(async () => {
  const settings = { ...testSettings(), trustedProxies: ['10.0.0.0/8', 'fd00::/8'] };
  [trusting, plain] = await Promise.all([createTestApp({ settings }), createTestApp()]);
});
afterAll(() => Promise.all([trusting.close(), plain.close()]));

/** Signs in with a wrong password, over a connection from `connection`. */
function guess(place: TestApp, connection: string, email: string, forwarded?: string) {
  const { publicUrl } = testSettings();
  return place.app.inject({
    method: 'POST',
    url: '/api/auth/sign-in/email',
    remoteAddress: connection,
    headers: {
      origin: publicUrl,
      host: new URL(publicUrl).host,
      ...(forwarded === undefined ? {} : { 'x-forwarded-for': forwarded }),
    },
    payload: { email, password: 'not the password' },
  });
}

/** The address in the audit log of such a try. */
async function addressOf(place: TestApp, connection: string, forwarded?: string): Promise<unknown> {
  const { email } = await makeMember(place.db);
  expect((await guess(place, connection, email, forwarded)).statusCode).toBe(401);
  const { json } = await place.call('GET', '/api/v1/audit?limit=1');
  expect(at(json, 'data.0.action')).toBe('session.refuse');
  return at(json, 'data.0.ip');
}

test.each([
  ['the address that a trusted proxy tells is believed', PROXY, CLIENT, CLIENT],
  ['what a client wrote before it is not', PROXY, `198.51.100.1, ${CLIENT}`, CLIENT],
  ['proxies behind each other are followed', PROXY, `198.51.100.1, ${CLIENT}, 10.9.9.9`, CLIENT],
  ['IPv6 and IPv4 in IPv6', '::ffff:10.1.2.3', '2001:db8::7', '2001:db8::7'],
  ['a client without a proxy is not believed', '192.0.2.9', CLIENT, '192.0.2.9'],
  ['a port behind the address is left out', PROXY, `198.51.100.1:80, ${CLIENT}:51234`, CLIENT],
  ['and behind one of IPv6', PROXY, '[2001:db8::7]:51234', '2001:db8::7'],
  ['what is no address is not taken for one', PROXY, 'unknown', PROXY],
  ['a proxy that tells nothing stands for itself', PROXY, undefined, PROXY],
])('%s', async (_, connection, forwarded, expected) => {
  expect(await addressOf(trusting, connection, forwarded)).toBe(expected);
});

test('without the setting nobody is believed', async () => {
  expect(await addressOf(plain, PROXY, CLIENT)).toBe(PROXY);
});
