/** What arrives for one source, as it arrives. */
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { type LiveStatus, openLive } from '../../live/connection.ts';

/** As GET /sources/{id}/watch tells it. */
interface ReceiptArrival {
  kind: 'receipt';
  id: string;
  status: 'pending' | 'processed' | 'ignored' | 'unmapped' | 'failed';
  receivedAt: string;
  /** The platform's own word. */
  event: string | null;
  events: string[];
  error: string | null;
  test: boolean;
}

interface RejectionArrival {
  kind: 'rejection';
  /** Made here: a rejection has none in the stream. */
  id: string;
  at: string;
  reason: string;
  explanation: string;
}

export type Arrival = ReceiptArrival | RejectionArrival;

/** More would only scroll by. */
const SHOWN = 20;

/** The newest first. `onSignedOut` is left to the page's own stream. */
export function useArrivals(sourceId: string): { arrivals: Arrival[]; status: LiveStatus } {
  const queries = useQueryClient();
  const [arrivals, setArrivals] = useState<Arrival[]>([]);
  const [status, setStatus] = useState<LiveStatus>('connecting');
  useEffect(() => {
    let refusals = 0;
    setArrivals([]);
    const connection = openLive(`/api/v1/sources/${encodeURIComponent(sourceId)}/watch`, {
      onMessage(message) {
        const arrival = toArrival(message.type, message.data, refusals);
        if (arrival === null) return;
        if (arrival.kind === 'rejection') refusals += 1;
        setArrivals((before) => [arrival, ...before.filter(({ id }) => id !== arrival.id)].slice(0, SHOWN));
        void queries.invalidateQueries({
          predicate: ({ queryKey: [, path] }) =>
            path === '/api/v1/sources/{id}/health' || path === '/api/v1/receipts' || path === '/api/v1/rejections',
        });
      },
      onState: (state) => setStatus(state.status),
      onSignedOut() {},
    });
    return () => connection.close();
  }, [sourceId, queries]);
  return { arrivals, status };
}

function toArrival(type: string, data: unknown, refusals: number): Arrival | null {
  if (typeof data !== 'object' || data === null) return null;
  if (type === 'receipt') return { ...(data as Omit<ReceiptArrival, 'kind'>), kind: 'receipt' };
  if (type === 'rejection') {
    return { ...(data as Omit<RejectionArrival, 'kind' | 'id'>), kind: 'rejection', id: `refused-${refusals}` };
  }
  return null;
}
