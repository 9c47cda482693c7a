/** How a source fares, and what arrives for it right now. */
import { sourceHealth } from '../../attention/source-health.ts';
import { GradewireError } from '../../core/errors.ts';
import { placeNow } from '../../normalise/receipts/arrivals.ts';
import { principalOf } from '../access.ts';
import type { App, HttpContext } from '../context.ts';
import { idParams, uuidOf } from '../contracts/common.ts';
import { sourceHealthSchema } from '../contracts/source-health.ts';
import { standing } from '../keyring.ts';
import { parsePlace, watchSource } from '../source-watch.ts';

export function sourceHealthRoutes(app: App, context: HttpContext): void {
  const { db } = context;
  const tags = ['Sources'];

  app.get(
    '/api/v1/sources/:id/health',
    {
      config: { access: ['admin'] },
      schema: {
        tags,
        summary: 'What came for a source lately, and whether it is silent',
        params: idParams,
        response: { 200: sourceHealthSchema },
      },
    },
    async (request) => {
      const id = uuidOf('src', request.params.id);
      const health = (await sourceHealth(db, principalOf(request).workspace, [id])).get(id);
      if (health === undefined) throw noSuchSource();
      return health;
    },
  );

  app.get(
    '/api/v1/sources/:id/watch',
    {
      config: { access: ['admin'] },
      // A stream has no end that a HEAD could tell of.
      exposeHeadRoute: false,
      schema: {
        tags,
        summary: 'What arrives for a source, as it arrives (server-sent events)',
        description:
          '`event: receipt`, `data: {id, status, receivedAt, event, events, error, test}`: told when it is stored and again, with ' +
          'the same id, when it was read. `event: rejection`, `data: {at, reason, explanation}`. With the last `id:` as ' +
          '`Last-Event-ID` nothing is missed; without one it begins now.',
        params: idParams,
        produces: ['text/event-stream'],
      },
    },
    async (request, reply) => {
      const principal = principalOf(request);
      const { workspace } = principal;
      const sourceId = uuidOf('src', request.params.id);
      if (!(await sourceHealth(db, workspace, [sourceId])).has(sourceId)) throw noSuchSource();
      const header = request.headers['last-event-id'];
      const from = parsePlace(Array.isArray(header) ? header[0] : header) ?? (await placeNow(db, workspace, sourceId));
      const headers = reply.getHeaders();
      reply.hijack();
      const stream = context.live.open(reply.raw, headers, {
        workspace,
        holder: { keyId: standing(principal), stillValid: () => context.keyring.stillValid(principal) },
      });
      void watchSource({ db, log: context.log, workspace, sourceId, from }, stream);
    },
  );
}

function noSuchSource(): GradewireError {
  return new GradewireError('not_found', 'No source has this id. GET /api/v1/sources lists them.');
}
