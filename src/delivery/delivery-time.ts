import type { Uuid } from '../core/ids.ts';

/** When a delivery was made: the time in its id (version 7), which is its `created_at`, so the partition is known. */
export function timeOfDelivery(id: Uuid): Date {
  return new Date(Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16));
}
