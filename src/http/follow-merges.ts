/** Ids of learners who were merged into another mean the one who is kept, wherever a request names them. */
import { parsePublicId, publicId, type Uuid } from '../core/ids.ts';
import { keptLearners } from '../people/kept-learner.ts';
import type { App, HttpContext } from './context.ts';

/** Adds the hook, for paths and queries. Routes that want the ids as they were told say so (`config.mergedIds`). */
export function followMerges(app: App, { db }: HttpContext): void {
  app.addHook('preHandler', async (request) => {
    const { principal } = request;
    if (principal === null || request.routeOptions.config.mergedIds === 'asTold') return;
    const places = [...idsIn(request.params), ...idsIn(request.query)];
    if (places.length === 0) return;
    const kept = await keptLearners(
      db,
      principal.workspace,
      places.map((place) => place.id),
    );
    for (const { values, name, id } of places) {
      const by = kept.get(id);
      if (by !== undefined) Reflect.set(values, name, publicId('lrn', by));
    }
  });
}

function idsIn(values: unknown): { values: object; name: string; id: Uuid }[] {
  if (typeof values !== 'object' || values === null) return [];
  return Object.entries(values).flatMap(([name, value]: [string, unknown]) => {
    const id = typeof value === 'string' ? parsePublicId('lrn', value) : null;
    return id === null ? [] : [{ values, name, id }];
  });
}
