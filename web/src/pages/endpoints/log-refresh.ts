/**
 * When lists of deliveries are asked for again. They name people, so that every question stands in the audit log: they are
 * asked when something moved, which the endpoint's own counts tell, or a delivery is on its way; never by the clock alone.
 */
import { useEffect, useRef } from 'react';
import type { Item } from '../../api/types.ts';
import type { Endpoint } from './endpoint-draft.ts';

type Delivery = Pick<Item<'/api/v1/deliveries'>, 'status' | 'tries' | 'nextAttemptAt'>;

/** How often one that is on its way is looked at. */
const LOOK_MS = 2_000;

/** `refetchInterval` while one of them is about to be sent, or being sent; the others wait for hours. */
export function whileOnTheWay(deliveries: readonly Delivery[]): number | false {
  const soon = Date.now() + LOOK_MS;
  const moving = deliveries.some(
    ({ status, nextAttemptAt }) => status === 'pending' && nextAttemptAt !== null && Date.parse(nextAttemptAt) <= soon,
  );
  return moving ? LOOK_MS : false;
}

/** Asks again when the endpoint's counts changed. */
export function useRefetchWhenMoved(endpoint: Endpoint, refetch: () => unknown): void {
  const { pending, succeeded24h, failed24h, failingSince } = endpoint;
  const moved = [pending, succeeded24h, failed24h, failingSince].join();
  const seen = useRef(moved);
  const latest = useRef(refetch);
  latest.current = refetch;
  useEffect(() => {
    if (seen.current === moved) return;
    seen.current = moved;
    void latest.current();
  }, [moved]);
}
