/** Endpoints that get events as signed requests. */
import type { JsonObject } from '../../../core/vocabulary.ts';
import type { Endpoint } from '../../endpoint.ts';
import { answerOutcome } from '../../http/answer.ts';
import { OutgoingError } from '../../http/failure.ts';
import type { Kind, KindTools, Outcome, Outgoing, OutgoingResponse, Try } from '../kind.ts';
import { type Made, makeBody } from './body.ts';
import { WEBHOOK_SECRETS, type WebhookConfig, webhookConfig, webhookConfigSchema, webhookProblems } from './config.ts';
import { redactHeaders } from './headers.ts';
import { accessToken, type OauthClient, TokenError } from './oauth-tokens.ts';
import { sign } from './signatures.ts';

export const webhookKind: Kind = {
  name: 'webhook',
  configSchema: webhookConfigSchema,
  secretPaths: WEBHOOK_SECRETS,
  batch: 1,
  check: webhookProblems,
  async send(endpoint, deliveries, tools, signal) {
    const tries: Try[] = [];
    for (const delivery of deliveries) tries.push(await sendOne(endpoint, delivery, tools, signal));
    return tries;
  },
  async preview(endpoint, delivery) {
    const made = await makeBody(webhookConfig(endpoint), delivery);
    if (made.kind !== 'body') return made.kind === 'skipped' ? made.reason : made.error;
    return made.contentType === 'application/json' ? (JSON.parse(made.text) as JsonObject) : made.text;
  },
  exampleConfig: {
    method: 'POST',
    headers: { 'x-school': 'north' },
    auth: { type: 'basic', username: 'gradewire', password: 'a password' },
  },
};

/** A token fetch and two calls would be three times as long; the sender's lease counts on a try to end. */
const TRY_MS = 15_000;

async function sendOne(endpoint: Endpoint, delivery: Outgoing, tools: KindTools, signal: AbortSignal): Promise<Try> {
  const began = performance.now();
  const config = webhookConfig(endpoint);
  const exchange: Exchange = { headers: {}, response: null, outcome: null };
  try {
    const making = makeBody(config, delivery);
    // What is there need not be waited for: this runs thousands of times a second.
    const made = making instanceof Promise ? await making : making;
    if (made.kind === 'body') await exchangeOf(endpoint, { config, delivery, made }, exchange, tools, signal);
    else exchange.outcome = made;
  } catch (error) {
    exchange.outcome = failed(error instanceof Error ? error.message : String(error));
    if (error instanceof OutgoingError && error.status !== null) {
      exchange.response = { status: error.status, headers: {}, body: error.body ?? '' };
    }
  }
  const { response } = exchange;
  const { secretHeaders } = config;
  const secret =
    secretHeaders === undefined ? NONE : new Set(Object.keys(secretHeaders).map((name) => name.toLowerCase()));
  return {
    outcome:
      exchange.outcome ?? (response === null ? failed('Nothing was sent.') : answerOutcome(response, tools.now())),
    statusCode: response?.status ?? null,
    durationMs: Math.round(performance.now() - began),
    requestHeaders: redactHeaders(exchange.headers, secret),
    responseBody: response?.body ?? null,
  };
}

const NONE: ReadonlySet<string> = new Set();

/** What has happened so far: also there when the rest fails. */
interface Exchange {
  headers: Record<string, string>;
  response: OutgoingResponse | null;
  outcome: Outcome | null;
}

interface Message {
  config: WebhookConfig;
  delivery: Outgoing;
  made: Extract<Made, { kind: 'body' }>;
}

function exchangeOf(
  endpoint: Endpoint,
  { config, delivery, made }: Message,
  exchange: Exchange,
  tools: KindTools,
  signal: AbortSignal,
): Promise<void> {
  const { auth } = config;
  const body = Buffer.from(made.text);
  const call = (authorization: string | null, within: AbortSignal): Promise<void> => {
    const headers: Record<string, string> = { ...config.headers, ...config.secretHeaders };
    if (authorization !== null) headers.authorization = authorization;
    headers['content-type'] = made.contentType;
    headers['user-agent'] = `Gradewire/${tools.version}`;
    sign(headers, { secrets: endpoint.signingSecrets, webhookId: delivery.webhookId, body, now: tools.now() });
    exchange.headers = headers;
    const request = { method: config.method ?? 'POST', url: endpoint.url ?? '', headers, body, signal: within };
    return tools.http.request(request).then((response) => {
      exchange.response = response;
    });
  };
  return auth?.type === 'oauth2'
    ? withToken(auth, call, exchange, tools, signal)
    : call(fixedAuthorization(auth), signal);
}

function fixedAuthorization(auth: Exclude<WebhookConfig['auth'], OauthClient>): string | null {
  if (auth === undefined || auth.type === 'none') return null;
  if (auth.type === 'bearer') return `Bearer ${auth.token}`;
  return `Basic ${Buffer.from(`${auth.username}:${auth.password}`).toString('base64')}`;
}

/** A token can be revoked before its time, so one that is refused is replaced once. */
async function withToken(
  client: OauthClient,
  call: (authorization: string, within: AbortSignal) => Promise<void>,
  exchange: Exchange,
  tools: KindTools,
  signal: AbortSignal,
): Promise<void> {
  const time = AbortSignal.timeout(TRY_MS);
  const within = AbortSignal.any([signal, time]);
  try {
    const token = await accessToken(client, tools, within);
    await call(`Bearer ${token}`, within);
    if (exchange.response?.status !== 401) return;
    const next = await accessToken(client, tools, within, token);
    await call(`Bearer ${next}`, within);
  } catch (error) {
    if (error instanceof TokenError) exchange.response = null;
    else if (time.aborted && !signal.aborted) {
      throw new OutgoingError('timeout', `Token and answer together took longer than ${TRY_MS / 1000} seconds.`);
    }
    throw error;
  }
}

function failed(error: string): Outcome {
  return { kind: 'failed', error, retryAfterSeconds: null };
}
