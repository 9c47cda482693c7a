/** All classes, for lists to choose from. */
import { useQuery } from '@tanstack/react-query';
import { api, unwrap } from './client.ts';
import type { Item } from './types.ts';

/** As many as the server gives at once. */
const PAGE = 200;

/** Every class that may be seen, page after page; its key begins like that of the plain list, so that it is made anew with it. */
export function useAllCohorts() {
  return useQuery({
    queryKey: ['get', '/api/v1/cohorts', 'all'],
    async queryFn({ signal }) {
      const data: Item<'/api/v1/cohorts'>[] = [];
      let cursor: string | null = null;
      do {
        const query: { limit: number; cursor?: string } = cursor === null ? { limit: PAGE } : { limit: PAGE, cursor };
        const page = await unwrap(api.GET('/api/v1/cohorts', { params: { query }, signal }));
        data.push(...page.data);
        cursor = page.nextCursor;
      } while (cursor !== null);
      return { data };
    },
  });
}
