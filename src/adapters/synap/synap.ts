/**
 * Synap: signs nothing. The unguessable token in the URL, checked before any adapter is asked, and HTTP Basic credentials
 * where the source has some, are the proof. One ingest URL per event: `?event=`.
 */
import { equalText } from '../../core/signatures.ts';
import type { Adapter, IncomingWebhook, SourceSecrets, Verdict } from '../adapter.ts';
import { exampleOfSynap, SYNAP_EVENTS } from './example.ts';
import { meaningOfSynap } from './meaning.ts';

export const synap: Adapter = {
  provider: 'synap',
  title: 'Synap',
  needs: { secret: false, publicKey: false, basicAuth: 'optional', urlToken: true, origins: false },
  verification: 'basic',
  requiresJson: true,
  defaultOrigins: [],
  events: SYNAP_EVENTS,
  verify,
  toMeaning: meaningOfSynap,
  example: exampleOfSynap,
  sign(body, secrets, how) {
    const headers: Record<string, string> = { 'content-type': 'application/json' };
    const login = secrets.basicAuth[0];
    if (login !== undefined) headers.authorization = `Basic ${Buffer.from(pair(login)).toString('base64')}`;
    return { headers, body: Buffer.from(JSON.stringify(body)), query: `?event=${encodeURIComponent(how.event)}` };
  },
};

function pair(login: { username: string; password: string }): string {
  return `${login.username}:${login.password}`;
}

function verify(request: IncomingWebhook, secrets: SourceSecrets): Verdict {
  if (secrets.basicAuth.length === 0) return { ok: true, verification: 'token', covers: null, messageId: null };
  const given = request.headers.authorization;
  if (given === undefined || given === '') {
    return {
      ok: false,
      code: 'invalid_credentials',
      hint: 'The header Authorization is not there. Set user name and password at the Synap webhook; a proxy in between may also strip it.',
    };
  }
  if (!/^basic /i.test(given)) {
    return {
      ok: false,
      code: 'invalid_credentials',
      hint: 'The Authorization header is not of the kind Basic. Set user name and password at the Synap webhook.',
    };
  }
  const sent = Buffer.from(given.slice(6).trim(), 'base64').toString('utf8');
  let matches = false;
  for (const login of secrets.basicAuth) if (equalText(sent, pair(login))) matches = true;
  if (matches) return { ok: true, verification: 'basic', covers: null, messageId: null };
  return {
    ok: false,
    code: 'invalid_credentials',
    hint: "User name or password are not this source's. Compare them with those at the Synap webhook.",
  };
}
