import type { Query, QueryClient } from '@tanstack/react-query';

/** Answers under way that are asked for once more when they are there. */
const again = new WeakSet<Query>();

/**
 * Asks anew for everything under these paths of the API. An answer under way may have been made before what changed, so it is
 * asked for once more when it is there. It is not given up: where answers take longer than the next event, none would ever come.
 */
export function refresh(queries: QueryClient, ...paths: readonly string[]): void {
  const under = ({ queryKey: [, asked] }: Query) =>
    typeof asked === 'string' && paths.some((path) => asked.startsWith(path));
  const ask = (which: (query: Query) => boolean) =>
    void queries.invalidateQueries({ predicate: which }, { cancelRefetch: false });
  for (const query of queries.getQueryCache().findAll({ predicate: under, fetchStatus: 'fetching' })) {
    if (again.has(query)) continue;
    again.add(query);
    const onceMore = () => {
      again.delete(query);
      ask((one) => one === query);
    };
    query.promise?.then(onceMore, onceMore);
  }
  ask(under);
}
