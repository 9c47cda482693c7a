/** The audit log, for administrators. */
import { type Static, Type } from 'typebox';
import { type AuditRow, readAudit } from '../../accounts/audit-log.ts';
import { parsePublicId, publicId, type Uuid } from '../../core/ids.ts';
import { principalOf } from '../access.ts';
import type { App, HttpContext } from '../context.ts';
import { instantOf, invalid, rangeQuery } from '../contracts/common.ts';
import { timeCursor } from '../contracts/cursor.ts';
import { auditEntrySchema } from '../contracts/workspace.ts';
import { decodeCursor, limitOf, pageOf, pageQuery, toPage } from '../pagination.ts';

export function auditRoutes(app: App, { db }: HttpContext): void {
  app.get(
    '/api/v1/audit',
    {
      config: { access: ['admin'] },
      schema: {
        tags: ['Workspaces'],
        summary: 'Who did or read what, newest first',
        description: 'The same read by the same person is one line in five minutes.',
        querystring: Type.Object({
          ...pageQuery,
          ...rangeQuery,
          actor: Type.Optional(Type.String({ maxLength: 100, description: 'A member id or a key id.' })),
          action: Type.Optional(
            Type.String({ maxLength: 100, description: 'An action, or what comes before its dot: `learner`.' }),
          ),
        }),
        response: { 200: pageOf(auditEntrySchema) },
      },
    },
    async (request) => {
      const { query } = request;
      const limit = limitOf(query);
      const filter = {
        actor: query.actor === undefined ? undefined : actorId(query.actor),
        action: query.action,
        from: instantOf(query.from, 'query/from'),
        to: instantOf(query.to, 'query/to'),
      };
      const after = decodeCursor(timeCursor, query.cursor);
      const rows = await readAudit(db, principalOf(request).workspace, filter, { after, limit: limit + 1 });
      return toPage(rows, limit, toAuditEntry, (row) => [row.at_micros, row.id]);
    },
  );
}

function actorId(id: string): Uuid {
  const uuid = parsePublicId('mem', id) ?? parsePublicId('key', id);
  if (uuid === null) throw invalid('query/actor', 'This is no id of a member (mem_…) or a key (key_…).');
  return uuid;
}

function toAuditEntry(row: AuditRow): Static<typeof auditEntrySchema> {
  const prefix = row.actor_kind === 'key' ? 'key' : 'mem';
  return {
    id: publicId('aud', row.id),
    at: row.at.toISOString(),
    actor: {
      kind: row.actor_kind,
      id: row.actor_id === null ? null : publicId(prefix, row.actor_id),
      name: row.actor_name,
    },
    action: row.action,
    target: row.target_kind === null ? null : { kind: row.target_kind, id: row.target_id, name: row.target_name },
    details: row.details,
    ip: row.ip,
  };
}
