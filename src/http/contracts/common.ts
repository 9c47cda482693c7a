/** Pieces that many contracts share. */
import { type TSchema, Type } from 'typebox';
import { GradewireError } from '../../core/errors.ts';
import { type IdPrefix, parsePublicId, type Uuid } from '../../core/ids.ts';
import { type Instant, parseInstant } from '../../core/time.ts';
import { PROVIDERS } from '../../core/vocabulary.ts';

/** `schema`, or null. */
export function nullable<T extends TSchema>(schema: T) {
  return Type.Union([schema, Type.Null()]);
}

/** A time in an answer: RFC 3339, UTC. */
export const time = Type.String({ format: 'date-time', examples: ['2026-04-08T14:30:00.000Z'] });

/** `/{id}` of a route. */
export const idParams = Type.Object({ id: Type.String({ maxLength: 200 }) });

export const provider = Type.Enum([...PROVIDERS]);

/** `from` and `to` of lists and figures: half-open. */
export const rangeQuery = {
  from: Type.Optional(
    Type.String({ description: 'From this time on (RFC 3339).', examples: ['2026-04-01T00:00:00Z'] }),
  ),
  to: Type.Optional(Type.String({ description: 'Before this time (RFC 3339).', examples: ['2026-05-01T00:00:00Z'] })),
};

/** `cohort=` of lists and figures; `cohortScope` (src/http/access.ts) reads it. */
export const cohortQuery = {
  cohort: Type.Optional(Type.String({ description: 'Only learners of this cohort: a cohort id.' })),
};

/** Reads a time of the request; 400 names `path` when it is none. */
export function instantOf(text: string | undefined, path: string): Instant | null {
  if (text === undefined) return null;
  const instant = parseInstant(text);
  if (instant !== null) return instant;
  throw invalid(path, 'This is no time. Write it as RFC 3339 says, such as 2026-04-08T14:30:00Z.');
}

/** The UUID in a public id of the path; 404 for anything else, since nothing can have that id. */
export function uuidOf(prefix: IdPrefix, id: string): Uuid {
  const uuid = parsePublicId(prefix, id);
  if (uuid === null) throw new GradewireError('not_found');
  return uuid;
}

/** A 400 that names one place of the request. */
export function invalid(path: string, message: string): GradewireError {
  return new GradewireError('invalid_request', undefined, { details: [{ path, message }] });
}

/** The UUID in a public id that a filter names; undefined when the filter is not there; 400 for anything else. */
export function filterId(prefix: IdPrefix, id: string | undefined, path: string): Uuid | undefined {
  if (id === undefined) return undefined;
  const uuid = parsePublicId(prefix, id);
  if (uuid === null)
    throw invalid(path, `This is no id of that kind: those begin with ${prefix}_. Copy it from a list.`);
  return uuid;
}
