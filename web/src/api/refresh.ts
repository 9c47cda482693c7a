import type { QueryClient } from '@tanstack/react-query';

/** Asks anew for everything under a path of the API. */
export function refresh(queries: QueryClient, path: string): void {
  void queries.invalidateQueries({
    predicate: ({ queryKey: [, asked] }) => typeof asked === 'string' && asked.startsWith(path),
  });
}
