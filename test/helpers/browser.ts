/** A browser's worth of state on a test app: cookies are kept and sent back, requests bear the headers of our own page. */

import { contractOf } from './fits-contract.ts';
import type { Answer, Method, TestApp } from './http.ts';
import { PASSWORD } from './session.ts';

export interface Browser {
  /** Cookies as they stand, by name; tests may change them. */
  cookies: Map<string, string>;
  /** Every Set-Cookie header that came. */
  setCookies: string[];
  /** A request of the dashboard itself; `headers` replaces what the browser would send (null: leaves it out). */
  call(method: Method, url: string, body?: object, headers?: Record<string, string | null>): Promise<Answer>;
  signIn(email: string, password?: string): Promise<Answer>;
}

const ORIGIN = 'http://127.0.0.1:8080';

/** A browser that nobody has signed in with yet. Answers that break their schema fail. */
export function browserAt({ app }: Pick<TestApp, 'app'>): Browser {
  const contract = contractOf(app);
  const cookies = new Map<string, string>();
  const setCookies: string[] = [];
  const browser: Browser = {
    cookies,
    setCookies,
    async call(method, url, body, headers = {}) {
      const sent: Record<string, string | null> = {
        host: '127.0.0.1:8080',
        'sec-fetch-site': 'same-origin',
        ...(method === 'GET' ? {} : { origin: ORIGIN }),
        ...(cookies.size === 0 ? {} : { cookie: [...cookies].map((pair) => pair.join('=')).join('; ') }),
        ...headers,
      };
      const response = await app.inject({
        method,
        url,
        headers: Object.fromEntries(
          Object.entries(sent).filter((entry): entry is [string, string] => entry[1] !== null),
        ),
        ...(body === undefined ? {} : { payload: body }),
      });
      for (const cookie of [response.headers['set-cookie'] ?? []].flat()) {
        setCookies.push(cookie);
        const [pair = ''] = cookie.split(';', 1);
        const name = pair.slice(0, pair.indexOf('='));
        if (/max-age=0/i.test(cookie)) cookies.delete(name);
        else cookies.set(name, pair.slice(pair.indexOf('=') + 1));
      }
      const json: unknown = /json/.test(String(response.headers['content-type']))
        ? JSON.parse(response.payload)
        : undefined;
      if (json !== undefined) contract.check(method, url, response.statusCode, json);
      return { status: response.statusCode, headers: response.headers, text: response.payload, json };
    },
    signIn: (email, password = PASSWORD) => browser.call('POST', '/api/auth/sign-in/email', { email, password }),
  };
  return browser;
}
