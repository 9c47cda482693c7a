/** What the workspace is set to: name, time zone, retake policies, silence, retention. */
import { principalOf } from '../access.ts';
import type { App, HttpContext } from '../context.ts';
import { workspaceSettingsPatch, workspaceSettingsSchema } from '../contracts/workspace.ts';
import { patchWorkspace, readWorkspace } from '../workspace-settings.ts';

export function workspaceRoutes(app: App, { db }: HttpContext): void {
  app.get(
    '/api/v1/workspace',
    {
      config: { access: ['admin', 'instructor', 'integration', 'learner'] },
      schema: {
        tags: ['Workspaces'],
        summary: 'What the workspace is set to',
        response: { 200: workspaceSettingsSchema },
      },
    },
    async (request) => (await readWorkspace(db, principalOf(request).workspace)).settings,
  );

  app.patch(
    '/api/v1/workspace',
    {
      config: { access: ['admin'] },
      schema: {
        tags: ['Workspaces'],
        summary: 'Change what the workspace is set to',
        body: workspaceSettingsPatch,
        response: { 200: workspaceSettingsSchema },
      },
    },
    async (request) => await patchWorkspace(db, principalOf(request).workspace, request.body),
  );
}
