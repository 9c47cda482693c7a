/** Webhooks as they arrived: listed, looked at, read again. */
import { type Static, Type } from 'typebox';
import { adapterFor } from '../../adapters/registry.ts';
import { GradewireError } from '../../core/errors.ts';
import { parseReceiptId, publicId, receiptId } from '../../core/ids.ts';
import { readEvents } from '../../live/events.ts';
import { replayReceipt, replayReceipts } from '../../normalise/queue/replay-receipts.ts';
import { countReceipts } from '../../normalise/receipts/count-receipts.ts';
import { getReceipt, type WholeReceipt } from '../../normalise/receipts/get-receipt.ts';
import { listReceipts } from '../../normalise/receipts/list-receipts.ts';
import type { ReceiptRow } from '../../normalise/receipts/receipt-row.ts';
import { principalOf } from '../access.ts';
import { audited } from '../audit.ts';
import { bodyText, headersOf } from '../body-text.ts';
import type { App, HttpContext } from '../context.ts';
import { idParams, instantOf, nullable, rangeQuery } from '../contracts/common.ts';
import { seqCursor } from '../contracts/cursor.ts';
import { receiptSchema, receiptStatus, replayBody, replayOneBody, wholeReceiptSchema } from '../contracts/receipts.ts';
import { decodeCursor, limitOf, pageOf, pageQuery, toPage } from '../pagination.ts';
import { sourceFilter } from '../source-filter.ts';

/** A receipt means a handful of events; a body of 1 MiB could hold some thousand answers. */
const EVENTS_SHOWN = 1_000;
/** A question before a replay is answered within a moment; nobody needs millions to the last one. */
const MOST_COUNTED = 100_000;
/** Queueing millions takes minutes, and goes on behind an answer that came too early. */
const REPLAY_TIMEOUT_MS = 3_600_000;

export function receiptsRoutes(app: App, context: HttpContext): void {
  const { db } = context;
  const tags = ['Receipts'];

  app.get(
    '/api/v1/receipts',
    {
      config: { access: ['admin'] },
      schema: {
        tags,
        summary: 'List receipts, newest first',
        querystring: Type.Object({
          ...pageQuery,
          ...rangeQuery,
          source: Type.Optional(Type.String({ description: 'Id or slug.' })),
          status: Type.Optional(receiptStatus),
        }),
        response: { 200: pageOf(receiptSchema) },
      },
    },
    async (request) => {
      const { query } = request;
      const { workspace } = principalOf(request);
      const limit = limitOf(query);
      const [before = null] = decodeCursor(seqCursor, query.cursor) ?? [];
      const filter = {
        workspace,
        status: query.status,
        sourceId: await sourceFilter(db, workspace, query.source),
        from: instantOf(query.from, 'query/from') ?? undefined,
        to: instantOf(query.to, 'query/to') ?? undefined,
      };
      const rows = await listReceipts(db, filter, { before, limit: limit + 1 });
      return toPage(rows, limit, toReceipt, (row) => [row.seq]);
    },
  );

  app.get(
    '/api/v1/receipts/:id',
    {
      config: { access: ['admin'] },
      schema: { tags, summary: 'One receipt, whole', params: idParams, response: { 200: wholeReceiptSchema } },
    },
    async (request) => {
      const { workspace } = principalOf(request);
      const row = await getReceipt(db, workspace, keysOf(request.params.id));
      if (row === null) throw noSuchReceipt();
      const events = await readEvents(db, { workspace, after: 0, receiptSeq: row.seq, limit: EVENTS_SHOWN });
      return {
        ...toReceipt(row),
        covers: coversOf(row),
        headers: headersOf(row.headers),
        ...bodyText(row.body),
        events: events.map(({ event }) => event),
      };
    },
  );

  app.post(
    '/api/v1/receipts/:id/replay',
    {
      config: { access: ['admin'] },
      schema: {
        tags,
        summary: 'Read one receipt again',
        description: 'Counts nothing twice.',
        params: idParams,
        body: nullable(replayOneBody),
        response: { 202: Type.Object({ count: Type.Integer() }) },
      },
    },
    async (request, reply) => {
      const found = await replayReceipt(db, principalOf(request).workspace, keysOf(request.params.id), {
        deliver: request.body?.deliver,
      });
      if (!found) throw noSuchReceipt();
      return reply.code(202).send({ count: 1 });
    },
  );

  app.post(
    '/api/v1/receipts/replay',
    {
      handlerTimeout: REPLAY_TIMEOUT_MS,
      config: { access: ['admin'] },
      schema: {
        tags,
        summary: 'Read many receipts again',
        description:
          'Those that fit all that is said; an empty object, or no body, means every receipt. Counts nothing twice. They are ' +
          'queued some thousands at a time: after an error some may be queued already, and asking again is safe.',
        body: nullable(replayBody),
        response: {
          202: Type.Object({
            count: Type.Integer({ description: 'How many fit.' }),
            more: Type.Optional(Type.Boolean({ description: '`dryRun`: more fit than were counted.' })),
          }),
        },
      },
    },
    async (request, reply) => {
      const body = request.body ?? {};
      const { workspace } = principalOf(request);
      const filter = {
        workspace,
        status: body.status,
        sourceId: await sourceFilter(db, workspace, body.source, 'body/source'),
        from: instantOf(body.from, 'body/from') ?? undefined,
        to: instantOf(body.to, 'body/to') ?? undefined,
      };
      if (body.dryRun === true) {
        audited(request, { nothing: true });
        const count = await countReceipts(db, filter, MOST_COUNTED + 1);
        return reply.code(202).send({ count: Math.min(count, MOST_COUNTED), more: count > MOST_COUNTED });
      }
      return reply.code(202).send({ count: await replayReceipts(db, filter, { deliver: body.deliver }) });
    },
  );
}

function keysOf(id: string): { from: Buffer; to: Buffer } {
  const keys = parseReceiptId(id);
  if (keys === null) throw noSuchReceipt();
  return keys;
}

function noSuchReceipt(): GradewireError {
  return new GradewireError('not_found', 'No receipt has this id. GET /api/v1/receipts lists them.');
}

function toReceipt(row: ReceiptRow): Static<typeof receiptSchema> {
  return {
    id: receiptId(row.key),
    source: { id: publicId('src', row.sourceId), slug: row.slug },
    provider: row.provider,
    receivedAt: row.receivedAt.toISOString(),
    status: row.status,
    verification: row.verification,
    duplicates: row.duplicates,
    error: row.detail,
    eventName: row.eventName,
    bytes: row.bytes,
    test: row.test,
  };
}

/** The adapter tells from the body which fields were signed; only asked where not all were. */
function coversOf(row: WholeReceipt): string[] | null {
  if (row.verification !== 'signature_partial' || row.provider === null) return null;
  try {
    const body: unknown = JSON.parse(row.body.toString('utf8'));
    return [...(adapterFor(row.provider).coveredFields?.(body) ?? [])];
  } catch {
    return [];
  }
}
