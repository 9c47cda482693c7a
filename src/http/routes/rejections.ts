/** What was refused at the ingest URLs, so that a wrong secret is found without the platform's help. */
import { Type } from 'typebox';
import { ERRORS } from '../../core/errors.ts';
import { publicId } from '../../core/ids.ts';
import { listRejections } from '../../normalise/receipts/list-rejections.ts';
import { principalOf } from '../access.ts';
import { bodyText, headersOf } from '../body-text.ts';
import type { App, HttpContext } from '../context.ts';
import { seqCursor } from '../contracts/cursor.ts';
import { rejectionSchema } from '../contracts/receipts.ts';
import { decodeCursor, limitOf, pageOf, pageQuery, toPage } from '../pagination.ts';
import { sourceFilter } from '../source-filter.ts';

export function rejectionsRoutes(app: App, context: HttpContext): void {
  app.get(
    '/api/v1/rejections',
    {
      config: { access: ['admin'] },
      schema: {
        tags: ['Receipts'],
        summary: 'List refused requests, newest first',
        description: 'Kept best effort and not for ever: enough to see what is wrong.',
        querystring: Type.Object({
          ...pageQuery,
          source: Type.Optional(Type.String({ description: 'Id or slug.' })),
          reason: Type.Optional(Type.Enum(Object.keys(ERRORS), { description: 'The error code that was answered.' })),
        }),
        response: { 200: pageOf(rejectionSchema) },
      },
    },
    async (request) => {
      const { query } = request;
      const { workspace } = principalOf(request);
      const limit = limitOf(query);
      const [before = null] = decodeCursor(seqCursor, query.cursor) ?? [];
      const sourceId = await sourceFilter(context.db, workspace, query.source);
      const rows = await listRejections(
        context.db,
        { workspace, sourceId, reason: query.reason },
        { before, limit: limit + 1 },
      );
      return toPage(
        rows,
        limit,
        (row) => ({
          id: `rej_${row.id}`,
          source: { id: publicId('src', row.sourceId), slug: row.slug },
          provider: row.provider,
          at: row.at.toISOString(),
          reason: row.reason,
          hint: row.hint,
          headers: headersOf(row.headers),
          ...bodyText(row.body),
          bytes: row.bytes,
        }),
        (row) => [row.id],
      );
    },
  );
}
