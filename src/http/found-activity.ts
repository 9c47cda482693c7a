/** The activity that a route is about. */
import { GradewireError } from '../core/errors.ts';
import { publicId, type Uuid } from '../core/ids.ts';

/** 404 where there is none. */
export function foundActivity<T>(activity: T | null | undefined): T {
  if (activity !== null && activity !== undefined) return activity;
  throw new GradewireError('not_found', 'No activity has this id. GET /api/v1/activities lists them.');
}

/** The URL under which the receipts of an activity's figures are listed. */
export function activityReceipts(publicUrl: string, id: Uuid): string {
  return `${publicUrl}/api/v1/activities/${publicId('act', id)}`;
}
