/** A person vouches for a result that only a secret URL proves. */
import { GradewireError } from '../../core/errors.ts';
import { confirmAttempt } from '../../people/confirm-attempt.ts';
import { getAttempt } from '../../progress/queries/get-attempt.ts';
import { principalOf, requireLearner } from '../access.ts';
import type { App, HttpContext } from '../context.ts';
import { wholeAttemptSchema } from '../contracts/attempt.ts';
import { idParams, uuidOf } from '../contracts/common.ts';
import { confirmBody } from '../contracts/people.ts';
import { wholeAttempt } from '../whole-attempt.ts';

export function confirmRoutes(app: App, { db }: HttpContext): void {
  app.post(
    '/api/v1/attempts/:id/confirm',
    {
      config: { access: ['admin', 'instructor'] },
      schema: {
        tags: ['Progress'],
        summary: 'Vouch for an unverified attempt',
        description:
          'It counts as verified from then on, as it stands: when another webhook changes the result, nobody has vouched for ' +
          'that one. 409 where a signature or a password proves it already.',
        params: idParams,
        body: confirmBody,
        response: { 200: wholeAttemptSchema },
      },
    },
    async (request) => {
      const principal = principalOf(request);
      const { workspace } = principal;
      const attemptId = uuidOf('att', request.params.id);
      const attempt = await getAttempt(db, workspace, attemptId);
      if (attempt === null) throw noSuchAttempt();
      await requireLearner(db, principal, attempt.learner_id);
      await confirmAttempt(db, workspace, { attemptId, by: principal.name, note: request.body?.note ?? null });
      const confirmed = await getAttempt(db, workspace, attemptId);
      if (confirmed === null) throw noSuchAttempt();
      return wholeAttempt(confirmed);
    },
  );
}

function noSuchAttempt(): GradewireError {
  return new GradewireError('not_found', 'No attempt has this id. GET /api/v1/attempts lists them.');
}
