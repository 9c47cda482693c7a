/** What an endpoint is asked to do: a test, what failed again, what it never got; and how it does. */
import { GradewireError } from '../../core/errors.ts';
import { publicId, type Uuid } from '../../core/ids.ts';
import { getEndpoint } from '../../delivery/endpoints/get-endpoint.ts';
import { backfill } from '../../delivery/log/backfill.ts';
import { endpointActivity } from '../../delivery/log/endpoint-activity.ts';
import { recoverFailed } from '../../delivery/log/recover-failed.ts';
import { sendTest } from '../../delivery/log/send-test.ts';
import { principalOf } from '../access.ts';
import type { App, HttpContext } from '../context.ts';
import { idParams, instantOf, invalid, nullable, uuidOf } from '../contracts/common.ts';
import {
  activityQuery,
  backfillBody,
  countSchema,
  endpointActivitySchema,
  endpointTestBody,
  recoverBody,
  testAnswer,
} from '../contracts/endpoints.ts';
import { foundEndpoint } from '../endpoint-answer.ts';
import { eventExample } from '../event-catalogue.ts';

const tags = ['Endpoints'];
const config = { access: ['admin', 'integration'] } as const;
/** Queueing millions takes minutes, and goes on behind an answer that came too early. */
const QUEUE_TIMEOUT_MS = 3_600_000;

export function endpointWorkRoutes(app: App, { db, box }: HttpContext): void {
  const found = async (workspace: number, id: Uuid) => foundEndpoint(await getEndpoint(db, box, workspace, id));

  app.post(
    '/api/v1/endpoints/:id/test',
    {
      config,
      schema: {
        tags,
        summary: 'Send it an example event',
        description:
          'It goes the very way of real deliveries, filters aside; GET deliveries/{deliveryId} tells how it went. ' +
          'GET event-types shows the examples.',
        params: idParams,
        body: nullable(endpointTestBody),
        response: { 202: testAnswer },
      },
    },
    async (request, reply) => {
      const { workspace } = principalOf(request);
      const endpoint = await found(workspace, uuidOf('end', request.params.id));
      const id = await sendTest(
        db,
        workspace,
        endpoint.id,
        eventExample(request.body?.eventType ?? 'attempt.completed'),
      );
      return reply.code(202).send({ deliveryId: publicId('dlv', id) });
    },
  );

  app.post(
    '/api/v1/endpoints/:id/recover',
    {
      handlerTimeout: QUEUE_TIMEOUT_MS,
      config,
      schema: {
        tags,
        summary: 'Send again what failed',
        description: 'All deliveries given up since then; each keeps its `webhook-id`.',
        params: idParams,
        body: recoverBody,
        response: { 202: countSchema },
      },
    },
    async (request, reply) => {
      const { workspace } = principalOf(request);
      const endpoint = await found(workspace, uuidOf('end', request.params.id));
      const since = timeOf(request.body.since, 'body/since');
      requireEnabled(endpoint.enabled);
      return reply.code(202).send({ count: await recoverFailed(db, workspace, endpoint.id, { since }) });
    },
  );

  app.post(
    '/api/v1/endpoints/:id/backfill',
    {
      handlerTimeout: QUEUE_TIMEOUT_MS,
      config,
      schema: {
        tags,
        summary: 'Send it events that it never got',
        description:
          'Those that fit its event types and filter and have no delivery to it. Asking again sends nothing twice.',
        params: idParams,
        body: backfillBody,
        response: { 202: countSchema },
      },
    },
    async (request, reply) => {
      const { workspace } = principalOf(request);
      const endpoint = await found(workspace, uuidOf('end', request.params.id));
      const [from, to] = [timeOf(request.body.from, 'body/from'), timeOf(request.body.to, 'body/to')];
      if (from >= to)
        throw invalid('body/to', 'The end must be after the beginning: `from` belongs to the range, `to` does not.');
      requireEnabled(endpoint.enabled);
      return reply.code(202).send({ count: await backfill(db, workspace, endpoint.id, { from, to }) });
    },
  );

  app.get(
    '/api/v1/endpoints/:id/activity',
    {
      config,
      schema: {
        tags,
        summary: 'How its deliveries went, by time',
        params: idParams,
        querystring: activityQuery,
        response: { 200: endpointActivitySchema },
      },
    },
    async (request) => {
      const { workspace } = principalOf(request);
      const endpoint = await found(workspace, uuidOf('end', request.params.id));
      const { count, bucketSeconds } = windowOf(request.query.window ?? '24h');
      const lengthMs = bucketSeconds * 1000;
      const end = (Math.floor(Date.now() / lengthMs) + 1) * lengthMs;
      const from = new Date(end - count * lengthMs);
      const known = await endpointActivity(db, workspace, endpoint.id, { from, to: new Date(end), bucketSeconds });
      const byTime = new Map(known.map((bucket) => [bucket.at.getTime(), bucket]));
      const buckets = Array.from({ length: count }, (_, i) => {
        const at = new Date(from.getTime() + i * lengthMs);
        return { ...NOTHING, ...byTime.get(at.getTime()), at: at.toISOString() };
      });
      return { bucketSeconds, buckets };
    },
  );
}

const NOTHING = { succeeded: 0, failed: 0, p50Ms: null, p95Ms: null };
const UNITS = { m: 60, h: 3_600, d: 86_400 } as const;
/** Bars that a chart can show apart. */
const MOST_BUCKETS = 48;
/** Tries are counted by five minutes. */
const BUCKETS = [300, 900, 1_800, 3_600, 3 * 3_600, 6 * 3_600, 12 * 3_600, 86_400, 2 * 86_400];
/** Deliveries are kept for 90 days. */
const LONGEST_WINDOW = 90 * 86_400;

/** A window such as `24h` as a number of buckets of a round length. */
function windowOf(text: string): { count: number; bucketSeconds: number } {
  const [, count, unit = ''] = /^(\d{1,5})([mhd])$/.exec(text) ?? [];
  const asked = Number(count) * (unit in UNITS ? UNITS[unit as keyof typeof UNITS] : Number.NaN);
  if (!(asked >= 60 && asked <= LONGEST_WINDOW)) {
    throw invalid('query/window', 'Write the window as a number and m, h or d, such as 24h or 7d; 90d at most.');
  }
  const bucketSeconds = BUCKETS.find((length) => asked / length <= MOST_BUCKETS) ?? 2 * 86_400;
  return { count: Math.ceil(asked / bucketSeconds), bucketSeconds };
}

function timeOf(text: string, path: string): Date {
  return new Date(instantOf(text, path) ?? text);
}

/** Deliveries of an endpoint that is disabled would wait unseen. */
function requireEnabled(enabled: boolean): void {
  if (!enabled) throw new GradewireError('conflict', 'This endpoint is disabled, so nothing is sent. Enable it first.');
}
