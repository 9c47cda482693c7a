/** Long work that an endpoint was given, remembered by the browser: its progress is seen again when one comes back. */
import { useSyncExternalStore } from 'react';

export interface Work {
  kind: 'recover' | 'backfill';
  /** How many deliveries were queued. */
  count: number;
  /** How many waited before, for other reasons. */
  before: number;
  /** When it was queued, in milliseconds since 1970: what was read before says nothing of it. */
  at: number;
}

const stored = (endpoint: string) => `gradewire.work.${endpoint}`;
const listeners = new Set<() => void>();

export function rememberWork(endpoint: string, work: Work | null): void {
  if (work === null) localStorage.removeItem(stored(endpoint));
  else localStorage.setItem(stored(endpoint), JSON.stringify(work));
  for (const listener of listeners) listener();
}

/** What the endpoint was given last; null when there is none, or its end was seen. */
export function useWork(endpoint: string): Work | null {
  const text = useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      window.addEventListener('storage', listener);
      return () => {
        listeners.delete(listener);
        window.removeEventListener('storage', listener);
      };
    },
    () => localStorage.getItem(stored(endpoint)),
  );
  if (text === null) return null;
  try {
    return JSON.parse(text) as Work;
  } catch {
    return null;
  }
}
