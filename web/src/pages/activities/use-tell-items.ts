/** Tells the server of questions, without losing what was told of others meanwhile. */
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api, unwrap } from '../../api/client.ts';
import { type ToldItem, toldOf, withChanged } from './told-items.ts';

export function useTellItems(activity: string, onDone: (told: number) => void) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async (changed: readonly ToldItem[]) => {
      const path = { id: activity };
      // Asked anew: PUT replaces everything, also what somebody else told since this page was loaded.
      const { data } = await unwrap(api.GET('/api/v1/activities/{id}/items', { params: { path } }));
      const items = withChanged(toldOf(data), changed);
      return await unwrap(api.PUT('/api/v1/activities/{id}/items', { params: { path }, body: { items } }));
    },
    onSuccess: async (_, changed) => {
      await queries.invalidateQueries({
        predicate: ({ queryKey: [, path] }) => typeof path === 'string' && path.startsWith('/api/v1/activities'),
      });
      onDone(changed.length);
    },
  });
}
