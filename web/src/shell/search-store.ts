/** Opens the search from anywhere; the search itself is loaded when it is first opened. */
const listeners = new Set<() => void>();

export function openSearch(): void {
  for (const listener of listeners) listener();
}

export function onOpenSearch(listener: () => void): () => void {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}
