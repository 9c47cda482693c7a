/** Who asks, and what pages need to know about the workspace. */
import { publicId, type Uuid } from '../../core/ids.ts';
import type { Queryable } from '../../db/database.ts';
import { principalOf } from '../access.ts';
import type { App, HttpContext, Principal } from '../context.ts';
import { meSchema } from '../contracts/workspace.ts';
import { readWorkspace } from '../workspace-settings.ts';
import { refreshSession } from './auth.ts';

export function meRoutes(app: App, context: HttpContext): void {
  const { accounts, db } = context;
  app.get(
    '/api/v1/me',
    {
      config: { access: ['admin', 'instructor', 'integration', 'learner'] },
      schema: {
        tags: ['Accounts'],
        summary: 'Who asks, and what the workspace is set to',
        description: 'With a session: also begins its week anew, at most once a day.',
        response: { 200: meSchema },
      },
    },
    async (request, reply) => {
      const principal = principalOf(request);
      if (principal.kind === 'session') await refreshSession(context, request, reply);
      const [{ slug, settings }, names] = await Promise.all([
        readWorkspace(db, principal.workspace),
        namesOf(db, principal),
      ]);
      const { name, tz, attempts, unverified } = settings;
      return {
        kind: principal.kind,
        user: names.user,
        role: principal.role,
        learner: names.learner,
        cohorts: names.cohorts,
        workspace: { slug, name, tz, attempts, unverified },
        mail: accounts.mailer !== null,
        version: context.version,
      };
    },
  );
}

interface NamesRow {
  email: string | null;
  learner_name: string | null;
  cohorts: { id: Uuid; name: string }[] | null;
}

async function namesOf(db: Queryable, { workspace, userId, name, learnerId, cohorts }: Principal) {
  const [row] = await db.query<NamesRow>(
    `SELECT (SELECT email FROM auth_users WHERE id = $2) AS email,
            (SELECT name FROM learners WHERE workspace = $1 AND id = $3) AS learner_name,
            (SELECT jsonb_agg(jsonb_build_object('id', id, 'name', name) ORDER BY name, id) FROM cohorts
             WHERE workspace = $1 AND id = ANY($4::uuid[])) AS cohorts`,
    [workspace, userId, learnerId, cohorts],
  );
  return {
    user: userId === null ? null : { id: publicId('mem', userId), name, email: row?.email ?? '' },
    learner: learnerId === null ? null : { id: publicId('lrn', learnerId), name: row?.learner_name ?? null },
    cohorts:
      cohorts === null ? null : (row?.cohorts ?? []).map((cohort) => ({ ...cohort, id: publicId('coh', cohort.id) })),
  };
}
