import { Type } from 'typebox';
import { nullable, provider, time } from './common.ts';
import { reachSchema } from './source-health.ts';

const slug = Type.String({
  description: 'Part of the ingest URL: 1 to 63 of a to z, 0 to 9 and -. Unique in the instance.',
});
const name = Type.String({ description: 'For people.' });
const publicKey = Type.String({ description: 'testpress: its public key.' });
const basicAuth = Type.Object(
  { username: Type.String(), password: Type.String() },
  { additionalProperties: false, description: 'Credentials that the platform sends (synap).' },
);
const allowedOrigins = Type.Array(Type.String(), {
  description: 'Origins whose browsers may post, for platforms that post from a browser (easygenerator).',
});
const identityFrom = Type.Object(
  {
    email: Type.Optional(Type.String()),
    externalId: Type.Optional(Type.String()),
    name: Type.Optional(Type.String()),
    cohort: Type.Optional(Type.String()),
  },
  {
    additionalProperties: false,
    description: 'Names of custom parameters or attributes from which a person’s fields are read.',
  },
);
const rateLimit = Type.Integer({ minimum: 1, description: 'Requests a second; more are answered 429.' });

export const newSourceBody = Type.Object(
  {
    provider,
    slug: Type.Optional(slug),
    name: Type.Optional(name),
    secret: Type.Optional(
      Type.String({ description: 'The signing secret; testpress: its private key. Never comes back.' }),
    ),
    publicKey: Type.Optional(publicKey),
    basicAuth: Type.Optional(basicAuth),
    allowedOrigins: Type.Optional(nullable(allowedOrigins)),
    identityFrom: Type.Optional(identityFrom),
    rateLimit: Type.Optional(nullable(rateLimit)),
  },
  { additionalProperties: false, examples: [{ provider: 'quizapi', secret: 'the-secret-that-quizapi-shows' }] },
);

export const sourceChangesBody = Type.Object(
  {
    slug: Type.Optional(slug),
    name: Type.Optional(name),
    publicKey: Type.Optional(publicKey),
    basicAuth: Type.Optional(nullable(basicAuth)),
    allowedOrigins: Type.Optional(nullable(allowedOrigins)),
    identityFrom: Type.Optional(identityFrom),
    rateLimit: Type.Optional(nullable(rateLimit)),
  },
  { additionalProperties: false },
);

export const rotationBody = Type.Object(
  {
    secret: Type.Optional(
      Type.String({
        description:
          'The new secret, private key or password. Left out: a new URL token, for platforms that sign nothing.',
      }),
    ),
    overlapSeconds: Type.Optional(
      Type.Integer({ minimum: 0, description: 'How long the old one still holds; 24 hours when not said.' }),
    ),
  },
  { additionalProperties: false },
);

export const sourceSchema = Type.Object({
  id: Type.String(),
  provider,
  slug,
  name,
  ingestUrl: Type.String({
    description: 'Where the platform posts to. Of a platform that signs nothing the token in it is the secret.',
  }),
  reach: reachSchema,
  verification: Type.Enum(['signature', 'signature_partial', 'basic', 'token'], {
    description: 'What is proved about its receipts at best.',
  }),
  publicKey: nullable(publicKey),
  basicAuth: nullable(Type.Object({ username: Type.String() }, { description: 'The password never comes back.' })),
  allowedOrigins: nullable(allowedOrigins),
  identityFrom,
  rateLimit: nullable(rateLimit),
  /** The platform's own event names, for POST {id}/test. */
  events: Type.Array(Type.String(), { description: 'Events that POST {id}/test can send.' }),
  createdAt: time,
});

export const sourceTestBody = Type.Object(
  {
    event: Type.Optional(
      Type.String({ description: 'One of the source’s `events`; the one that ends an attempt when not said.' }),
    ),
  },
  { additionalProperties: false },
);

export const sourceTestAnswer = Type.Object({
  event: Type.String(),
  status: Type.Integer({ description: 'What the ingest URL answered.' }),
  body: Type.Unknown({ description: 'Its body.' }),
  receiptId: nullable(Type.String()),
});
