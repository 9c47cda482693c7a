/** Names for the parts of the generated types that pages speak of. */
import type { paths } from './schema.generated.ts';

/** The 200 (or other) JSON answer of a route: `Answer<'/api/v1/learners', 'get'>`. */
export type Answer<
  Path extends keyof paths,
  Method extends 'get' | 'post' | 'put' | 'patch' | 'delete' = 'get',
  Status extends number = 200,
> =
  paths[Path] extends Record<Method, { responses: Record<Status, { content: { 'application/json': infer Body } }> }>
    ? Body
    : never;

/** One entry of a list route. */
export type Item<Path extends keyof paths> = Answer<Path> extends { data: (infer One)[] } ? One : never;

export type Learner = Item<'/api/v1/learners'>;
export type Activity = Item<'/api/v1/activities'>;
export type Attempt = Item<'/api/v1/attempts'>;
export type FeedEvent = Item<'/api/v1/events'>;
export type Source = Item<'/api/v1/sources'>;
export type Basis = Activity['basis'];
