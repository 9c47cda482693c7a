/** A person is erased. */
import { eraseLearner, shownErasure } from '../../people/erase-learner.ts';
import { tombstones } from '../../people/tombstones.ts';
import { principalOf } from '../access.ts';
import type { App, HttpContext } from '../context.ts';
import { idParams, uuidOf } from '../contracts/common.ts';
import { erasedSchema } from '../contracts/people.ts';

/** Every stored webhook of the person's platforms is looked through. */
const TIMEOUT_MS = 600_000;

export function eraseRoutes(app: App, { db, settings }: HttpContext): void {
  const stones = tombstones(settings.encryptionKey);

  app.delete(
    '/api/v1/learners/:id',
    {
      config: { access: ['admin'] },
      handlerTimeout: TIMEOUT_MS,
      schema: {
        tags: ['Progress'],
        summary: 'Erase a person everywhere',
        description:
          'For good: there is no way back. Identities, attempts, events, flags, classes, keys and accounts limited to the ' +
          'person are deleted, bodies and headers of the webhooks overwritten. Keyed hashes of identities and e-mails keep ' +
          'retries, imports, replays and rebuilds from bringing the person back.',
        params: idParams,
        response: { 200: erasedSchema },
      },
    },
    async (request) => {
      const { workspace } = principalOf(request);
      return shownErasure(await eraseLearner(db, stones, workspace, uuidOf('lrn', request.params.id)));
    },
  );
}
