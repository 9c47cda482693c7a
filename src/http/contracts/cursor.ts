/** What cursors of lists hold. Bounds keep a made-up cursor from being a number that PostgreSQL cannot take. */
import { Type } from 'typebox';

/** Lists by time: microseconds since 1970, and the id. */
export const timeCursor = Type.Tuple([
  Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER }),
  Type.String({ pattern: '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' }),
]);

/** Lists by order of arrival. */
export const seqCursor = Type.Tuple([Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER })]);

/** Lists by a text: that text, and the id. */
export const textCursor = Type.Tuple([
  Type.String({ maxLength: 600, pattern: '^[^\\u0000]*$' }),
  Type.String({ pattern: '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' }),
]);

const uuid = Type.String({ pattern: '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' });

/** Pairs by score: the score, and both ids. */
export const pairCursor = Type.Tuple([Type.Number({ minimum: 0, maximum: 1 }), uuid, uuid]);
