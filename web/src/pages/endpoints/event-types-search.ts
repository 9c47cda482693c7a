/** Which type of event is open in the catalogue, kept in the address. */
export interface EventTypesSearch {
  type?: string | undefined;
}

export function parseEventTypesSearch(search: Record<string, unknown>): EventTypesSearch {
  return typeof search.type === 'string' && search.type !== '' ? { type: search.type.slice(0, 100) } : {};
}
