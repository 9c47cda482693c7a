/** Lists: `limit`, an opaque `cursor`, and `{data, nextCursor}`. */
import { type Static, type TSchema, Type } from 'typebox';
import { Value } from 'typebox/value';
import { GradewireError } from '../core/errors.ts';

/** The contract's default and greatest page. */
const DEFAULT_LIMIT = 50;
export const MAX_LIMIT = 200;

/** The query parameters of every list; spread into the route's querystring: `Type.Object({ ...pageQuery, … })`. */
export const pageQuery = {
  limit: Type.Optional(
    Type.Integer({ minimum: 1, maximum: MAX_LIMIT, description: `How many at most; ${DEFAULT_LIMIT} when not said.` }),
  ),
  cursor: Type.Optional(Type.String({ maxLength: 1000, description: '`nextCursor` of the page before.' })),
};

/** The schema of a page of `item`. */
export function pageOf<T extends TSchema>(item: T) {
  return Type.Object({
    data: Type.Array(item),
    nextCursor: Type.Union([Type.String(), Type.Null()], {
      description: 'Give it as `cursor` for the next page; null on the last.',
    }),
  });
}

export function limitOf(query: { limit?: number }): number {
  return query.limit ?? DEFAULT_LIMIT;
}

/** A keyset (the sort values of the last row of a page) as opaque text. */
function encodeCursor(keyset: unknown): string {
  return Buffer.from(JSON.stringify(keyset)).toString('base64url');
}

/** The keyset in a cursor, checked against its schema; null when none was given; 400 for one we did not make. */
export function decodeCursor<T extends TSchema>(schema: T, cursor: string | undefined): Static<T> | null {
  if (cursor === undefined) return null;
  let keyset: unknown;
  try {
    keyset = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
  } catch {
    keyset = undefined;
  }
  if (!Value.Check(schema, keyset)) {
    throw new GradewireError('invalid_request', undefined, {
      details: [
        {
          path: 'query/cursor',
          message: 'This is no cursor of this list. Use `nextCursor` of the page before, unchanged.',
        },
      ],
    });
  }
  return keyset;
}

/** Cuts rows that were read with `LIMIT limit + 1` into a page. `keyset` gives the sort values of a row. */
export function toPage<Row, Item>(
  rows: readonly Row[],
  limit: number,
  toItem: (row: Row) => Item,
  keyset: (row: Row) => unknown,
): { data: Item[]; nextCursor: string | null } {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  return {
    data: shown.map(toItem),
    nextCursor: rows.length > limit && last !== undefined ? encodeCursor(keyset(last)) : null,
  };
}
