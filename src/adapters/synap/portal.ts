/** Whose world an id of Synap belongs to, and the person a body names. */
import type { LearnerRef } from '../../core/vocabulary.ts';
import { extras } from '../extras.ts';
import * as read from '../read.ts';

/** Attempt ids are unique in all of Synap, and an override may leave the portal out: one realm for all of them. */
export const ATTEMPT_REALM = 'synap';

/** The portal's person; null where the body names none. */
export function learnerOf(body: read.Fields): LearnerRef | null {
  const attempt = read.fieldsOf(body.attempt) ?? read.NO_FIELDS;
  const user = read.fieldsOf(body.user) ?? read.fieldsOf(attempt.user);
  if (user === null) return null;
  const externalId = read.optionalId(user.id, 'user.id');
  if (externalId === null) return null;
  const attributes = read.fieldsOf(user.customAttributes);
  return {
    realm: portalOf(body),
    externalId,
    name: read.text(user.name),
    email: read.email(user.email),
    ...(attributes === null ? {} : { attributes: extras(attributes, []) }),
  };
}

/** The realm of people and tests: the portal; null where the body names none. */
export function portalOf(body: read.Fields): string | null {
  return read.optionalId(read.fieldsOf(body.portal)?.id, 'portal.id');
}
