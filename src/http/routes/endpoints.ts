/** Endpoints: made, listed, changed, switched, removed. */
import { Type } from 'typebox';
import type { Uuid } from '../../core/ids.ts';
import { createEndpoint } from '../../delivery/endpoints/create-endpoint.ts';
import { deleteEndpoint } from '../../delivery/endpoints/delete-endpoint.ts';
import { endpointCounts } from '../../delivery/endpoints/endpoint-counts.ts';
import type { StoredEndpoint } from '../../delivery/endpoints/endpoint-row.ts';
import { getEndpoint } from '../../delivery/endpoints/get-endpoint.ts';
import { listEndpoints } from '../../delivery/endpoints/list-endpoints.ts';
import { patchEndpoint } from '../../delivery/endpoints/patch-endpoint.ts';
import { rotateSigningSecret } from '../../delivery/endpoints/rotate-signing-secret.ts';
import { setEnabled } from '../../delivery/endpoints/set-enabled.ts';
import { principalOf } from '../access.ts';
import type { App, HttpContext } from '../context.ts';
import { idParams, nullable, uuidOf } from '../contracts/common.ts';
import { timeCursor } from '../contracts/cursor.ts';
import {
  endpointChangesBody,
  endpointSchema,
  newEndpointBody,
  newEndpointSchema,
  secretRotationBody,
  secretSchema,
} from '../contracts/endpoints.ts';
import { endpointAnswer, foundEndpoint, NO_DELIVERIES, secretAnswer } from '../endpoint-answer.ts';
import { endpointChanges, newEndpoint } from '../endpoint-settings.ts';
import { decodeCursor, limitOf, pageOf, pageQuery, toPage } from '../pagination.ts';

const tags = ['Endpoints'];
const config = { access: ['admin', 'integration'] } as const;

export function endpointsRoutes(app: App, context: HttpContext): void {
  const { db, box } = context;
  const toAnswer = async (workspace: number, endpoint: StoredEndpoint) =>
    endpointAnswer(endpoint, (await endpointCounts(db, workspace, [endpoint.id])).get(endpoint.id) ?? NO_DELIVERIES);
  const found = async (workspace: number, id: Uuid) => foundEndpoint(await getEndpoint(db, box, workspace, id));

  app.post(
    '/api/v1/endpoints',
    {
      config,
      schema: {
        tags,
        summary: 'Pass events on to an address',
        description:
          'The answer holds the signing secret (Standard Webhooks). Addresses are public and https, unless the server allows ' +
          'others (GRADEWIRE_ALLOW_PRIVATE_ENDPOINTS).',
        body: newEndpointBody,
        response: { 201: newEndpointSchema },
      },
    },
    async (request, reply) => {
      const { workspace } = principalOf(request);
      const endpoint = await createEndpoint(db, box, await newEndpoint(context, workspace, request.body));
      return reply
        .code(201)
        .send({ ...endpointAnswer(endpoint, NO_DELIVERIES), secret: secretAnswer(endpoint).secret });
    },
  );

  app.get(
    '/api/v1/endpoints',
    {
      config,
      schema: {
        tags,
        summary: 'List the endpoints, newest first',
        querystring: Type.Object(pageQuery),
        response: { 200: pageOf(endpointSchema) },
      },
    },
    async (request) => {
      const { workspace } = principalOf(request);
      const limit = limitOf(request.query);
      const after = decodeCursor(timeCursor, request.query.cursor);
      const endpoints = await listEndpoints(db, box, workspace, {
        limit: limit + 1,
        after: after === null ? null : { createdAt: new Date(after[0] / 1000), id: after[1] },
      });
      const counts = await endpointCounts(
        db,
        workspace,
        endpoints.slice(0, limit).map(({ id }) => id),
      );
      return toPage(
        endpoints,
        limit,
        (endpoint) => endpointAnswer(endpoint, counts.get(endpoint.id) ?? NO_DELIVERIES),
        (endpoint) => [endpoint.createdAt.getTime() * 1000, endpoint.id],
      );
    },
  );

  app.get(
    '/api/v1/endpoints/:id',
    { config, schema: { tags, summary: 'One endpoint', params: idParams, response: { 200: endpointSchema } } },
    async (request) => {
      const { workspace } = principalOf(request);
      return toAnswer(workspace, await found(workspace, uuidOf('end', request.params.id)));
    },
  );

  app.patch(
    '/api/v1/endpoints/:id',
    {
      config,
      schema: {
        tags,
        summary: 'Change an endpoint',
        description:
          'What is left out stays; `filter` and `config` are replaced whole. Secrets that `config` leaves out stay as they ' +
          'are, unless the address changes: then they have to be given again.',
        params: idParams,
        body: endpointChangesBody,
        response: { 200: endpointSchema },
      },
    },
    async (request) => {
      const { workspace } = principalOf(request);
      const before = await found(workspace, uuidOf('end', request.params.id));
      const changes = await endpointChanges(context, before, request.body);
      return toAnswer(workspace, foundEndpoint(await patchEndpoint(db, box, workspace, before.id, changes)));
    },
  );

  app.delete(
    '/api/v1/endpoints/:id',
    {
      config,
      schema: {
        tags,
        summary: 'Remove an endpoint',
        description: 'What was not sent yet never is.',
        params: idParams,
        response: { 204: Type.Null() },
      },
    },
    async (request, reply) => {
      const { workspace } = principalOf(request);
      if (!(await deleteEndpoint(db, workspace, uuidOf('end', request.params.id)))) foundEndpoint(null);
      return reply.code(204).send(null);
    },
  );

  app.get(
    '/api/v1/endpoints/:id/secret',
    {
      config,
      schema: { tags, summary: 'The signing secret', params: idParams, response: { 200: secretSchema } },
    },
    async (request) => {
      const { workspace } = principalOf(request);
      return secretAnswer(await found(workspace, uuidOf('end', request.params.id)));
    },
  );

  app.post(
    '/api/v1/endpoints/:id/secret/rotate',
    {
      config,
      schema: {
        tags,
        summary: 'Give it a new signing secret',
        description: 'Until the old one ends, 24 hours later unless `overlapSeconds` says otherwise, both sign.',
        params: idParams,
        body: nullable(secretRotationBody),
        response: { 200: secretSchema },
      },
    },
    async (request) => {
      const { workspace } = principalOf(request);
      const id = uuidOf('end', request.params.id);
      return secretAnswer(foundEndpoint(await rotateSigningSecret(db, box, workspace, id, request.body ?? {})));
    },
  );

  for (const [verb, enabled] of [
    ['enable', true],
    ['disable', false],
  ] as const) {
    app.post(
      `/api/v1/endpoints/:id/${verb}`,
      {
        config,
        schema: {
          tags,
          summary: enabled ? 'Send to it again' : 'Send nothing to it for now',
          description: enabled
            ? 'What waited is sent; what it missed meanwhile is sent by `backfill`.'
            : 'Events from now on are not kept for it; `backfill` sends them later.',
          params: idParams,
          response: { 200: endpointSchema },
        },
      },
      async (request) => {
        const { workspace } = principalOf(request);
        const id = uuidOf('end', request.params.id);
        return toAnswer(workspace, foundEndpoint(await setEnabled(db, box, workspace, id, enabled)));
      },
    );
  }
}
