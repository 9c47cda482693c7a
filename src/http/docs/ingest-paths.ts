/** The ingest routes for openapi.json. They are received before the app (src/ingest), byte by byte. */

const slug = {
  name: 'slug',
  in: 'path',
  required: true,
  schema: { type: 'string' },
  description: 'The slug of the source.',
} as const;

const token = {
  name: 'token',
  in: 'path',
  required: true,
  schema: { type: 'string' },
  description: 'The secret of the URL, for platforms that sign nothing. Without the right one the source is a 404.',
} as const;

const event = {
  name: 'event',
  in: 'query',
  required: false,
  schema: { type: 'string' },
  description: 'For Synap, whose bodies do not name the event: `attempt.completed` and so on.',
} as const;

const json = (schema: object) => ({ 'application/json': { schema } });
const refusal = (description: string) => ({ description, content: json({ $ref: '#/components/schemas/Error' }) });
const check = {
  200: {
    description: 'The URL is right. Nothing is stored.',
    content: json({ type: 'object', properties: { ok: { const: true } } }),
  },
};

const answers = {
  200: {
    description:
      'The receipt is on disk, or was already (`duplicate`). A check (an empty POST where nothing is signed) gets `{"ok":true}`.',
    content: json({
      type: 'object',
      properties: {
        received: { type: 'boolean' },
        id: { type: 'string', description: 'The receipt; the same for the same webhook, however often it is sent.' },
        duplicate: { type: 'boolean' },
        ok: { type: 'boolean' },
      },
    }),
  },
  400: refusal('`malformed_json`'),
  401: refusal('`invalid_signature`, `missing_signature`, `stale_timestamp` or `invalid_credentials`'),
  404: refusal('`unknown_source`'),
  413: refusal('`payload_too_large`: over 1 MiB'),
  415: refusal('`unsupported_media_type`'),
  429: refusal('`rate_limited`: see Retry-After'),
  503: refusal('`store_unavailable`: see Retry-After; nothing was stored, send it again'),
} as const;

const body = {
  required: true,
  description: 'As the platform sends and signs it.',
  content: json({ type: 'object', additionalProperties: true }),
} as const;

function path(name: string, parameters: readonly object[], note: string) {
  return {
    post: {
      tags: ['Ingest'],
      operationId: `post${name}`,
      summary: `Take a webhook${note}`,
      description: 'Answered 200 only after the database committed it.',
      security: [],
      parameters: [...parameters, event],
      requestBody: body,
      responses: answers,
    },
    get: {
      tags: ['Ingest'],
      operationId: `get${name}`,
      summary: `Check an ingest URL${note}`,
      security: [],
      parameters,
      responses: { ...check, 404: answers[404] },
    },
  };
}

export const INGEST_PATHS = {
  '/webhooks/{slug}': path('Webhook', [slug], ' of a platform that signs'),
  '/webhooks/{slug}/{token}': path('WebhookToken', [slug, token], ' of a platform that signs nothing'),
};
