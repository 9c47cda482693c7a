/** Sources: made, listed, changed, rotated, removed. Secrets go in and never come back. */
import { type Static, Type } from 'typebox';
import { adapterFor } from '../../adapters/registry.ts';
import { GradewireError } from '../../core/errors.ts';
import { publicId } from '../../core/ids.ts';
import { createSource } from '../../sources/create-source.ts';
import { deleteSource } from '../../sources/delete-source.ts';
import { getSource } from '../../sources/get-source.ts';
import { ingestUrl } from '../../sources/ingest-url.ts';
import { listSources } from '../../sources/list-sources.ts';
import { patchSource } from '../../sources/patch-source.ts';
import { reachOf } from '../../sources/reach.ts';
import { rotateSource } from '../../sources/rotate-source.ts';
import type { Source } from '../../sources/source.ts';
import { sourceVerification } from '../../sources/source-verification.ts';
import { principalOf } from '../access.ts';
import type { App, HttpContext } from '../context.ts';
import { idParams, nullable, uuidOf } from '../contracts/common.ts';
import { timeCursor } from '../contracts/cursor.ts';
import {
  newSourceBody,
  rotationBody,
  sourceChangesBody,
  sourceSchema,
  sourceTestAnswer,
  sourceTestBody,
} from '../contracts/sources.ts';
import { decodeCursor, limitOf, pageOf, pageQuery, toPage } from '../pagination.ts';
import { testSource } from '../source-test.ts';

export function sourcesRoutes(app: App, context: HttpContext): void {
  const { db, box, settings } = context;
  const tags = ['Sources'];
  const config = { access: ['admin'] } as const;
  const toAnswer = (source: Source) => sourceAnswer(source, settings.publicUrl);

  app.post(
    '/api/v1/sources',
    {
      config,
      schema: {
        tags,
        summary: 'Connect a platform',
        description:
          'testpress needs `publicKey` and `secret` (its private key); quizapi, instruqt and standard need `secret`. ' +
          'synap and easygenerator sign nothing: their ingest URL holds a token.',
        body: newSourceBody,
        response: { 201: sourceSchema },
      },
    },
    async (request, reply) => {
      const { workspace } = principalOf(request);
      const source = await createSource(db, box, { workspace, ...request.body });
      return reply.code(201).send(toAnswer(source));
    },
  );

  app.get(
    '/api/v1/sources',
    {
      config,
      schema: {
        tags,
        summary: 'List the sources, newest first',
        querystring: Type.Object(pageQuery),
        response: { 200: pageOf(sourceSchema) },
      },
    },
    async (request) => {
      const limit = limitOf(request.query);
      const after = decodeCursor(timeCursor, request.query.cursor);
      const sources = await listSources(db, box, principalOf(request).workspace, {
        limit: limit + 1,
        after: after === null ? undefined : { createdAt: new Date(after[0] / 1000), id: after[1] },
      });
      return toPage(sources, limit, toAnswer, (source) => [source.createdAt.getTime() * 1000, source.id]);
    },
  );

  app.get(
    '/api/v1/sources/:id',
    { config, schema: { tags, summary: 'One source', params: idParams, response: { 200: sourceSchema } } },
    async (request) => {
      const { workspace } = principalOf(request);
      return toAnswer(found(await getSource(db, box, workspace, { id: uuidOf('src', request.params.id) })));
    },
  );

  app.patch(
    '/api/v1/sources/:id',
    {
      config,
      schema: {
        tags,
        summary: 'Change a source',
        description:
          'What is left out stays. `allowedOrigins: null` goes back to the platform’s own, `rateLimit: null` lifts the ' +
          'limit, `basicAuth: null` asks for no credentials any more. Secrets are changed by a rotation.',
        params: idParams,
        body: sourceChangesBody,
        response: { 200: sourceSchema },
      },
    },
    async (request) => {
      const { workspace } = principalOf(request);
      return toAnswer(found(await patchSource(db, box, workspace, uuidOf('src', request.params.id), request.body)));
    },
  );

  app.delete(
    '/api/v1/sources/:id',
    {
      config,
      schema: {
        tags,
        summary: 'Remove a source',
        description: 'Its URL is a 404 after 5 seconds at most. Its receipts and what they meant stay.',
        params: idParams,
        response: { 204: Type.Null() },
      },
    },
    async (request, reply) => {
      const { workspace } = principalOf(request);
      if (!(await deleteSource(db, box, workspace, uuidOf('src', request.params.id)))) throw noSuchSource();
      return reply.code(204).send(null);
    },
  );

  app.post(
    '/api/v1/sources/:id/rotate',
    {
      config,
      schema: {
        tags,
        summary: 'Give a source a new secret, password or URL token',
        description: 'The old one holds beside it for 24 hours, or as long as `overlapSeconds` says.',
        params: idParams,
        body: nullable(rotationBody),
        response: { 200: sourceSchema },
      },
    },
    async (request) => {
      const { workspace } = principalOf(request);
      const id = uuidOf('src', request.params.id);
      return toAnswer(found(await rotateSource(db, box, workspace, id, request.body ?? {})));
    },
  );

  app.post(
    '/api/v1/sources/:id/test',
    {
      config,
      schema: {
        tags,
        summary: 'Send a signed example through the real ingest path',
        description: 'It is marked as a test and kept out of every figure. The answer is what the ingest URL answered.',
        params: idParams,
        body: nullable(sourceTestBody),
        response: { 200: sourceTestAnswer },
      },
    },
    async (request) => {
      const { workspace } = principalOf(request);
      const source = found(await getSource(db, box, workspace, { id: uuidOf('src', request.params.id) }));
      return testSource(source, request.body?.event, {
        ingestOrigin: context.ingestOrigin(),
        encryptionKey: settings.encryptionKey,
      });
    },
  );
}

/** The source, or a 404. */
function found(source: Source | null): Source {
  if (source === null) throw noSuchSource();
  return source;
}

function noSuchSource(): GradewireError {
  return new GradewireError('not_found', 'No source has this id. GET /api/v1/sources lists them.');
}

function sourceAnswer(source: Source, publicUrl: string): Static<typeof sourceSchema> {
  const adapter = adapterFor(source.provider);
  const [basicAuth] = source.secrets.basicAuth;
  return {
    id: publicId('src', source.id),
    provider: source.provider,
    slug: source.slug,
    name: source.name,
    ingestUrl: ingestUrl(publicUrl, source),
    reach: reachOf(publicUrl),
    verification: sourceVerification(adapter, source),
    publicKey: source.secrets.publicKey,
    basicAuth: basicAuth === undefined ? null : { username: basicAuth.username },
    allowedOrigins: source.allowedOrigins === null ? null : [...source.allowedOrigins],
    identityFrom: source.identityFrom,
    rateLimit: source.rateLimit,
    events: [...adapter.events],
    createdAt: source.createdAt.toISOString(),
  };
}
