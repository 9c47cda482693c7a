/** How far adding an endpoint is, kept in the address. */
import { CHOICES, type Choice } from './choices.ts';

export interface NewEndpointSearch {
  choice?: Choice | undefined;
  /** The endpoint that was made. */
  made?: string | undefined;
}

/** Reads it from an address; what is no choice is dropped. */
export function parseNewEndpointSearch(search: Record<string, unknown>): NewEndpointSearch {
  const found: NewEndpointSearch = {};
  const choice = CHOICES.find((name) => name === search.choice);
  if (choice !== undefined) found.choice = choice;
  if (typeof search.made === 'string' && search.made !== '') found.made = search.made;
  return found;
}
