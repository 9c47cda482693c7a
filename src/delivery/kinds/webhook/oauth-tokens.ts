/**
 * Access tokens by client credentials (RFC 6749, 4.4): kept until shortly before they end, fetched through the guarded
 * client, and for one client never twice at once, however many deliveries wait for it.
 */
import { hash } from 'node:crypto';
import { OutgoingError } from '../../http/failure.ts';
import type { KindTools, OutgoingHttp, OutgoingResponse } from '../kind.ts';
import type { WebhookAuth } from './config.ts';

export type OauthClient = Extract<WebhookAuth, { type: 'oauth2' }>;

/** Of a server that does not say how long its tokens last. */
const UNTOLD_SECONDS = 300;
/** Renewed so long before the end that a request under way still finds it valid… */
const EARLY_SECONDS = 60;
/** …but used for at least this share of its time: a token of 60 s must not be fetched for each request. */
const USED_SHARE = 0.5;
/** Bounds memory: an instance has far fewer clients. */
const MOST_CLIENTS = 1000;

interface Kept {
  token: string;
  until: number;
}

interface Clients {
  kept: Map<string, Kept>;
  fetching: Map<string, Promise<Kept>>;
}

/** Tokens live as long as the client they were fetched through. */
const clientsOf = new WeakMap<OutgoingHttp, Clients>();

/** The token could not be had; the message is a sentence. */
export class TokenError extends Error {
  constructor(message: string, options?: { cause: unknown }) {
    super(message, options);
    this.name = 'TokenError';
  }
}

/**
 * A token that holds now. `refused`: the one that a receiver has just refused, which is thrown away. Rejects with a
 * TokenError, or with an OutgoingError when `signal` is aborted first.
 */
export async function accessToken(
  client: OauthClient,
  { http, now }: Pick<KindTools, 'http' | 'now'>,
  signal: AbortSignal,
  refused: string | null = null,
): Promise<string> {
  const clients: Clients = clientsOf.get(http) ?? { kept: new Map(), fetching: new Map() };
  clientsOf.set(http, clients);
  const name = hash('sha256', JSON.stringify(client));
  const kept = clients.kept.get(name);
  if (kept !== undefined && kept.until > now() && kept.token !== refused) return kept.token;
  let fetching = clients.fetching.get(name);
  if (fetching === undefined) {
    fetching = fetchToken(client, { http, now })
      .then((fetched) => {
        if (clients.kept.size >= MOST_CLIENTS) clients.kept.clear();
        clients.kept.set(name, fetched);
        return fetched;
      })
      .finally(() => clients.fetching.delete(name));
    clients.fetching.set(name, fetching);
  }
  return (await unless(signal, fetching)).token;
}

/** Others may wait for the same fetch, so an abort ends the waiting and not the fetch. */
async function unless<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  let stop = () => {};
  const aborted = new Promise<never>((_, reject) => {
    stop = () => reject(new OutgoingError('aborted', 'The call was interrupted.'));
  });
  signal.addEventListener('abort', stop, { once: true });
  if (signal.aborted) stop();
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

async function fetchToken(client: OauthClient, { http, now }: Pick<KindTools, 'http' | 'now'>): Promise<Kept> {
  const form = new URLSearchParams({ grant_type: 'client_credentials' });
  if (client.scope !== undefined) form.set('scope', client.scope);
  if (client.audience !== undefined) form.set('audience', client.audience);
  const headers: Record<string, string> = {
    'content-type': 'application/x-www-form-urlencoded',
    accept: 'application/json',
  };
  if (client.clientAuth === 'body') {
    form.set('client_id', client.clientId);
    form.set('client_secret', client.clientSecret);
  } else {
    // Both are form-encoded before they are joined (RFC 6749, 2.3.1).
    const pair = `${formEncoded(client.clientId)}:${formEncoded(client.clientSecret)}`;
    headers.authorization = `Basic ${Buffer.from(pair).toString('base64')}`;
  }
  const asked = now();
  let response: OutgoingResponse;
  try {
    response = await http.request({ method: 'POST', url: client.tokenUrl, headers, body: form.toString() });
  } catch (cause) {
    throw new TokenError(`No access token: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
  return readToken(response, asked);
}

function readToken({ status, body }: OutgoingResponse, asked: number): Kept {
  const answer = parsed(body);
  const token = answer.access_token;
  if (status !== 200 || typeof token !== 'string' || !/^[\x21-\x7e]+$/.test(token)) {
    // Only the code: descriptions are free text and have been seen to repeat what was sent.
    const code = typeof answer.error === 'string' && /^[\w.-]{1,60}$/.test(answer.error) ? `, ${answer.error}` : '';
    throw new TokenError(
      status === 200
        ? 'No access token: the answer of the token URL holds none. Check that it is the token endpoint.'
        : `No access token: the token URL answered ${status}${code}. Check client id, secret and scope.`,
    );
  }
  const told = Number(answer.expires_in ?? UNTOLD_SECONDS);
  const seconds = Number.isFinite(told) && told > 0 ? told : UNTOLD_SECONDS;
  return { token, until: asked + Math.max(seconds - EARLY_SECONDS, seconds * USED_SHARE) * 1000 };
}

function parsed(body: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === 'object' && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}

function formEncoded(text: string): string {
  return new URLSearchParams([['', text]]).toString().slice(1);
}
