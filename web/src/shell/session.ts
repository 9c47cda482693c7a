/** Who is signed in. */
import { useSuspenseQuery } from '@tanstack/react-query';
import { $api } from '../api/hooks.ts';
import type { Answer } from '../api/types.ts';

export type Me = Answer<'/api/v1/me'>;

/** The query behind useMe; routes load it before they show anything. */
export const meQuery = $api.queryOptions('get', '/api/v1/me', {}, { staleTime: 60_000 });

/** The person, role and workspace. Only on pages that need a session. */
export function useMe(): Me {
  return useSuspenseQuery(meQuery).data;
}
