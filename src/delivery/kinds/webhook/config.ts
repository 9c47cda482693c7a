/** The settings of a webhook. */
import { type Static, Type } from 'typebox';
import { Value } from 'typebox/value';
import type { Endpoint } from '../../endpoint.ts';
import type { KindTools, Problem } from '../kind.ts';
import { headerProblem } from './headers.ts';
import { PRESETS } from './presets/presets.ts';
import { templateProblem } from './template-problem.ts';

const closed = { additionalProperties: false };
const text = (maxLength: number) => Type.String({ minLength: 1, maxLength });
const headers = (description: string) => Type.Record(Type.String(), Type.String({ maxLength: 4096 }), { description });

const authSchema = Type.Union([
  Type.Object({ type: Type.Literal('none') }, closed),
  Type.Object({ type: Type.Literal('basic'), username: text(500), password: Type.String({ maxLength: 1000 }) }, closed),
  Type.Object({ type: Type.Literal('bearer'), token: text(8000) }, closed),
  Type.Object(
    {
      type: Type.Literal('oauth2'),
      tokenUrl: text(2048),
      clientId: text(1000),
      clientSecret: text(4000),
      scope: Type.Optional(text(2000)),
      audience: Type.Optional(text(2000)),
      clientAuth: Type.Optional(
        Type.Enum(['basic', 'body'], {
          description: 'Where id and secret of the client go: the Authorization header (default) or the body.',
        }),
      ),
    },
    { ...closed, description: 'Client credentials (RFC 6749, 4.4).' },
  ),
]);

export const webhookConfigSchema = Type.Object(
  {
    method: Type.Optional(Type.Enum(['POST', 'PUT', 'PATCH'])),
    headers: Type.Optional(headers('Sent besides ours.')),
    secretHeaders: Type.Optional(headers('Likewise; never shown again (an API key).')),
    auth: Type.Optional(authSchema),
    preset: Type.Optional(
      Type.Enum(Object.keys(PRESETS), { description: 'The body as this receiver wants it, instead of the usual one.' }),
    ),
    hubspotEvent: Type.Optional(
      Type.String({
        pattern: '^pe[0-9]+_[A-Za-z0-9_-]+$',
        maxLength: 200,
        description: 'Full name of the custom event.',
      }),
    ),
    template: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 16_384,
        description: 'JSONata: the usual body in, the body to send out.',
      }),
    ),
    contentType: Type.Optional(
      Type.String({ maxLength: 200, description: 'Of what a template gives; application/json when not said.' }),
    ),
  },
  closed,
);

export type WebhookConfig = Static<typeof webhookConfigSchema>;
export type WebhookAuth = Static<typeof authSchema>;

/** Secret paths of the schema. */
export const WEBHOOK_SECRETS = ['auth.password', 'auth.token', 'auth.clientSecret', 'secretHeaders'];

/** What was read of settings that are sent with again and again: checking them takes longer than signing. */
const known = new WeakMap<Endpoint['config'], WebhookConfig>();

/** Checked when it was stored; what an older version stored and does not fit any more counts as not said. */
export function webhookConfig(endpoint: Endpoint): WebhookConfig {
  let config = known.get(endpoint.config);
  if (config === undefined) {
    config = Value.Check(webhookConfigSchema, endpoint.config) ? endpoint.config : {};
    known.set(endpoint.config, config);
  }
  return config;
}

/** What the schema cannot say. */
export function webhookProblems(endpoint: Endpoint, { http }: Pick<KindTools, 'http'>): Problem[] {
  const problems: Problem[] = [];
  const add = (path: string, message: string | null) => {
    if (message !== null) problems.push({ path, message });
  };
  if (endpoint.url === null) add('url', 'A webhook needs the URL it is sent to.');
  if (!Value.Check(webhookConfigSchema, endpoint.config)) {
    add('config', 'These settings do not fit a webhook. GET /openapi.json and docs/endpoints.md list what there is.');
    return problems;
  }
  const { auth, preset, template, contentType, hubspotEvent, ...config } = endpoint.config;
  if (auth?.type === 'oauth2') add('config.auth.tokenUrl', http.urlProblem(auth.tokenUrl));
  if (auth?.type === 'basic' && auth.username.includes(':')) {
    add('config.auth.username', 'A user name of Basic must not hold a colon (RFC 7617).');
  }
  if (auth?.type === 'bearer' && !/^[\x21-\x7e]+$/.test(auth.token)) {
    add('config.auth.token', 'A token holds no spaces, line breaks or characters beyond ASCII. Copy it again.');
  }
  const names = new Set<string>();
  for (const group of ['headers', 'secretHeaders'] as const) {
    for (const [name, value] of Object.entries(config[group] ?? {})) {
      const twice = names.has(name.toLowerCase()) ? 'This header is set twice. Keep one.' : null;
      add(`config.${group}.${name}`, twice ?? headerProblem(name, value, auth?.type ?? 'none'));
      names.add(name.toLowerCase());
    }
  }
  if (names.size > MOST_HEADERS) add('config.headers', `More than ${MOST_HEADERS} headers. Send fewer.`);
  if (template !== undefined) {
    add(
      'config.template',
      preset === undefined ? templateProblem(template) : 'Choose a preset or a template, not both.',
    );
  }
  if (contentType !== undefined) {
    if (template === undefined) add('config.contentType', 'Only a template has a content type of its own.');
    else if (!CONTENT_TYPE.test(contentType)) add('config.contentType', 'Write it like text/plain; charset=utf-8.');
  }
  if (preset === 'hubspot') {
    if (hubspotEvent === undefined) {
      add('config.hubspotEvent', 'HubSpot needs the full name of the custom event, such as pe1234567_quiz_completed.');
    }
    if (endpoint.personalData !== 'full') {
      add('personalData', 'HubSpot finds people by their e-mail address, so it needs personal data in full.');
    }
  }
  return problems;
}

const MOST_HEADERS = 40;
const CONTENT_TYPE = /^[\w.+-]+\/[\w.+-]+(; ?[\w-]+=[\w.+-]+)*$/;
