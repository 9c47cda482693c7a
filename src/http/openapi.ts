/** OpenAPI 3.1 of all routes, made from their schemas; the raw ingest routes, which are no routes of the app, are added. */
import swagger from '@fastify/swagger';
import { ERRORS } from '../core/errors.ts';
import type { App, HttpContext } from './context.ts';
import { INGEST_PATHS } from './docs/ingest-paths.ts';

const TAGS = [
  { name: 'Progress', description: 'What learners did and how it went.' },
  { name: 'Students', description: "The guide's two routes, kept as it gives them." },
  { name: 'Live', description: 'Events as they happen, by SSE.' },
  { name: 'Events', description: 'The feed, and the vocabulary of its events.' },
  { name: 'Endpoints', description: 'Where events are passed on, and whether they got there.' },
  { name: 'Attention', description: 'Who needs a look now, and who is in an attempt.' },
  { name: 'Cohorts', description: 'Classes, and who is in them.' },
  { name: 'Sources', description: 'Connections to platforms.' },
  { name: 'Receipts', description: 'Webhooks as they arrived, and what was refused.' },
  { name: 'Ingest', description: 'Where platforms send webhooks.' },
  { name: 'Accounts', description: 'People who sign in: setup, invitations, members, sessions.' },
  { name: 'Keys', description: 'API keys.' },
  { name: 'Workspaces', description: 'Tenants.' },
  { name: 'Operations', description: 'Health, readiness, metrics.' },
];

const errorSchema = {
  type: 'object',
  required: ['error', 'message'],
  properties: {
    error: { type: 'string', enum: Object.keys(ERRORS), description: 'The code; docs/errors.md explains each.' },
    message: { type: 'string', description: 'A sentence that says what to do.' },
    details: {
      type: 'array',
      description: 'With invalid_request: what to change.',
      items: {
        type: 'object',
        required: ['path', 'message'],
        properties: { path: { type: 'string' }, message: { type: 'string' } },
      },
    },
  },
};

const errorAnswer = {
  description: 'An error: the code, and a sentence that says what to do.',
  content: { 'application/json': { schema: { $ref: '#/components/schemas/Error' } } },
};

/** Adds the plugin that collects the routes; they must be registered after it. */
export function collectOpenapi(app: App, context: HttpContext): void {
  app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Gradewire',
        version: context.version,
        description:
          'Takes the webhooks of quiz, exam, lab and course platforms, keeps one durable learner record, shows it live. ' +
          'Lists are `{data, nextCursor}` with `limit` and `cursor`, newest first unless said otherwise; times are RFC 3339 ' +
          'in UTC; ids are opaque.',
      },
      servers: [{ url: context.settings.publicUrl }],
      tags: TAGS,
      components: {
        securitySchemes: {
          apiKey: {
            type: 'http',
            scheme: 'bearer',
            description: 'An API key: `Authorization: Bearer gw_…`. Never in a URL.',
          },
          session: {
            type: 'apiKey',
            in: 'cookie',
            name: 'gradewire.session_token',
            description:
              'The session of the dashboard, from POST /api/auth/sign-in/email `{email, password}`; `__Secure-` leads the name ' +
              'where PUBLIC_URL is https. Changes need a same-origin request.',
          },
          ticket: {
            type: 'apiKey',
            in: 'query',
            name: 'ticket',
            description: 'For streams: see POST /api/v1/tickets.',
          },
        },
      },
    },
    convertConstToEnum: false,
    transform: ({ schema, url, route }) => {
      const { access = 'public', ticket } = route.config ?? {};
      if (schema?.hide === true) return { schema, url };
      const roles = access === 'public' ? undefined : `Roles: ${access.join(', ')}.`;
      const description = [schema?.description, roles].filter((part) => part !== undefined).join('\n\n');
      return {
        schema: {
          ...schema,
          ...(description === '' ? {} : { description }),
          operationId: operationId(String(route.method), url),
          security:
            access === 'public'
              ? []
              : [{ apiKey: [] }, { session: [] }, ...(ticket === undefined ? [] : [{ ticket: [] }])],
        },
        url,
      };
    },
  });
}

/** Stands for an answer that is just what was asked for; OpenAPI wants a description of each. */
export const PLAIN_ANSWER = 'As asked.';

/** As much of an OpenAPI document as the docs page reads. */
export interface OpenapiDocument {
  info: { title: string; version: string; description?: string };
  servers: { url: string }[];
  tags: { name: string; description: string }[];
  paths: Record<string, Record<string, Operation>>;
  components: Record<string, Record<string, unknown>>;
}

export interface Operation {
  operationId: string;
  tags?: string[];
  summary?: string;
  description?: string;
  security?: Record<string, string[]>[];
  parameters?: { name: string; in: string; required?: boolean; description?: string; schema?: JsonSchema }[];
  requestBody?: { description?: string; content: Record<string, { schema?: JsonSchema }> };
  responses: Record<string, { description: string; content?: Record<string, { schema?: JsonSchema }> }>;
}

/** As much of JSON Schema as TypeBox writes for our contracts. */
export interface JsonSchema {
  $ref?: string;
  type?: string | string[];
  description?: string;
  properties?: Record<string, JsonSchema>;
  required?: string[];
  items?: JsonSchema;
  enum?: unknown[];
  const?: unknown;
  anyOf?: JsonSchema[];
  allOf?: JsonSchema[];
  format?: string;
  minimum?: number;
  maximum?: number;
  examples?: unknown[];
}

/** The document of all routes of an app that is ready. */
export function openapiDocument(app: App): OpenapiDocument {
  // A copy: what the plugin gives may share the routes' own schemas.
  const document: OpenapiDocument = JSON.parse(JSON.stringify(app.swagger()));
  for (const operation of Object.values(document.paths).flatMap((path) => Object.values(path))) {
    // Every operation may answer with an error; `default` says so once.
    operation.responses = { ...operation.responses, default: errorAnswer };
    for (const answer of Object.values(operation.responses)) {
      if (answer.description === 'Default Response') answer.description = PLAIN_ANSWER;
    }
  }
  return {
    ...document,
    paths: { ...document.paths, ...JSON.parse(JSON.stringify(INGEST_PATHS)) },
    components: { ...document.components, schemas: { ...document.components.schemas, Error: errorSchema } },
  };
}

/** `GET /api/v1/keys/:id` → `getKeysId` */
function operationId(method: string, url: string): string {
  const words = url
    .replace(/^\/api\/(v1\/)?/, '/')
    .split(/[^A-Za-z0-9]+/)
    .filter((word) => word !== '');
  return method.toLowerCase() + words.map((word) => `${word.charAt(0).toUpperCase()}${word.slice(1)}`).join('');
}
