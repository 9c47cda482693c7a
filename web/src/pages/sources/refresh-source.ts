import type { QueryClient } from '@tanstack/react-query';

/** Asks anew for everything that shows a source. */
export function refreshSources(queries: QueryClient): void {
  void queries.invalidateQueries({
    predicate: ({ queryKey: [, path] }) => typeof path === 'string' && path.startsWith('/api/v1/sources'),
  });
}
