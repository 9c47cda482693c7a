/** What cursors of lists hold. Bounds keep a made-up cursor from being a number that PostgreSQL cannot take. */
import { Type } from 'typebox';

/** Lists by time: microseconds since 1970, and the id. */
export const timeCursor = Type.Tuple([
  Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER }),
  Type.String({ pattern: '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' }),
]);

/** Receipts of attempts by time: microseconds since 1970, the attempt's id, and the receipt's number. */
export const evidenceCursor = Type.Tuple([
  ...timeCursor.items,
  Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER }),
]);

/** Lists by order of arrival. */
export const seqCursor = Type.Tuple([Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER })]);

/** Lists by a text: that text, and the id. */
export const textCursor = Type.Tuple([
  Type.String({ maxLength: 600, pattern: '^[^\\u0000]*$' }),
  Type.String({ pattern: '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' }),
]);

const uuid = Type.String({ pattern: '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' });

/** Pairs of learners by what they share: the kind of evidence, the value, and both ids. */
export const pairCursor = Type.Tuple([
  Type.Integer({ minimum: 0, maximum: 9 }),
  Type.String({ maxLength: 2000, pattern: '^[^\\u0000]*$' }),
  uuid,
  uuid,
]);

/** Lists by a figure: that number, and the id. */
export const numberCursor = Type.Tuple([Type.Number(), uuid]);

/** Lists by ids that grow with time. */
export const idCursor = Type.Tuple([uuid]);
