/** Endpoints that get events as signed requests. */
import type { JsonObject } from '../../../core/vocabulary.ts';
import type { Endpoint } from '../../endpoint.ts';
import { answerOutcome } from '../../http/answer.ts';
import { OutgoingError } from '../../http/failure.ts';
import type { Kind, KindTools, Outcome, Outgoing, OutgoingResponse, Try } from '../kind.ts';
import { makeBody } from './body.ts';
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
    const text = made.body.toString('utf8');
    return made.contentType === 'application/json' ? (JSON.parse(text) as JsonObject) : text;
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
  const sent: Sent = { headers: NO_HEADERS };
  let response: OutgoingResponse | null = null;
  let outcome: Outcome;
  try {
    const making = makeBody(config, delivery);
    // What is there need not be waited for: this runs thousands of times a second.
    const made = making instanceof Promise ? await making : making;
    if (made.kind === 'body') {
      const message = {
        endpoint,
        config,
        contentType: made.contentType,
        webhookId: delivery.webhookId,
        body: made.body,
      };
      const { auth } = config;
      response =
        auth?.type === 'oauth2'
          ? await withToken(auth, message, sent, tools, signal)
          : await call(message, fixedAuthorization(auth), sent, tools, signal);
      outcome = answerOutcome(response, tools.now());
    } else outcome = made;
  } catch (error) {
    outcome = failed(error instanceof Error ? error.message : String(error));
    if (error instanceof OutgoingError && error.status !== null) {
      response = { status: error.status, headers: {}, body: error.body ?? '' };
    }
  }
  const { secretHeaders } = config;
  const secret =
    secretHeaders === undefined ? NONE : new Set(Object.keys(secretHeaders).map((name) => name.toLowerCase()));
  return {
    outcome,
    statusCode: response?.status ?? null,
    durationMs: Math.round(performance.now() - began),
    requestHeaders: redactHeaders(sent.headers, secret),
    responseBody: response?.body ?? null,
  };
}

const NONE: ReadonlySet<string> = new Set();
const NO_HEADERS: Record<string, string> = {};

/** What went out: also there when nothing came back. */
interface Sent {
  headers: Record<string, string>;
}

interface Message {
  endpoint: Endpoint;
  config: WebhookConfig;
  contentType: string;
  webhookId: string;
  body: Buffer;
}

function call(
  { endpoint, config, contentType, webhookId, body }: Message,
  authorization: string | null,
  sent: Sent,
  tools: KindTools,
  signal: AbortSignal,
): Promise<OutgoingResponse> {
  const headers: Record<string, string> = { ...config.headers, ...config.secretHeaders };
  if (authorization !== null) headers.authorization = authorization;
  headers['content-type'] = contentType;
  headers['user-agent'] = `Gradewire/${tools.version}`;
  sign(headers, { secrets: endpoint.signingSecrets, webhookId, body, now: tools.now() });
  sent.headers = headers;
  return tools.http.request({ method: config.method ?? 'POST', url: endpoint.url ?? '', headers, body, signal });
}

function fixedAuthorization(auth: Exclude<WebhookConfig['auth'], OauthClient>): string | null {
  if (auth === undefined || auth.type === 'none') return null;
  if (auth.type === 'bearer') return `Bearer ${auth.token}`;
  return `Basic ${Buffer.from(`${auth.username}:${auth.password}`).toString('base64')}`;
}

/** A token can be revoked before its time, so one that is refused is replaced once. */
async function withToken(
  client: OauthClient,
  message: Message,
  sent: Sent,
  tools: KindTools,
  signal: AbortSignal,
): Promise<OutgoingResponse> {
  const time = AbortSignal.timeout(TRY_MS);
  const within = AbortSignal.any([signal, time]);
  try {
    const token = await accessToken(client, tools, within);
    const response = await call(message, `Bearer ${token}`, sent, tools, within);
    if (response.status !== 401) return response;
    const next = await accessToken(client, tools, within, token);
    return await call(message, `Bearer ${next}`, sent, tools, within);
  } catch (error) {
    if (!(error instanceof TokenError) && time.aborted && !signal.aborted) {
      throw new OutgoingError('timeout', `Token and answer together took longer than ${TRY_MS / 1000} seconds.`);
    }
    throw error;
  }
}

function failed(error: string): Outcome {
  return { kind: 'failed', error, retryAfterSeconds: null };
}
