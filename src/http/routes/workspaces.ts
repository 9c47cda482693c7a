/** Workspaces: a key sees its own. */
import { Type } from 'typebox';
import { principalOf } from '../access.ts';
import type { App, HttpContext } from '../context.ts';
import { time } from '../contracts/common.ts';
import { pageOf, pageQuery } from '../pagination.ts';

const workspaceSchema = Type.Object({
  id: Type.String({ description: 'The slug of the workspace.' }),
  name: Type.String(),
  createdAt: time,
});

export function workspacesRoutes(app: App, context: HttpContext): void {
  app.get(
    '/api/v1/workspaces',
    {
      config: { access: ['admin', 'instructor', 'integration', 'learner'] },
      schema: {
        tags: ['Workspaces'],
        summary: 'The workspace this key belongs to',
        querystring: Type.Object(pageQuery),
        response: { 200: pageOf(workspaceSchema) },
      },
    },
    async (request) => {
      const rows = await context.db.query<{ slug: string; name: string; created_at: Date }>(
        'SELECT slug, name, created_at FROM workspaces WHERE id = $1',
        [principalOf(request).workspace],
      );
      return {
        data: rows.map((row) => ({ id: row.slug, name: row.name, createdAt: row.created_at.toISOString() })),
        nextCursor: null,
      };
    },
  );
}
