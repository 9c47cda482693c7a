import type { Static, TSchema } from 'typebox';
import { Value } from 'typebox/value';

/** The value as the schema types it; throws with the first misfits when an answer is not what its contract says. */
export function shaped<T extends TSchema>(schema: T, value: unknown): Static<T> {
  if (Value.Check(schema, value)) return value;
  const misfits = [...Value.Errors(schema, value)].slice(0, 5);
  throw new Error(`The answer does not fit its schema: ${JSON.stringify(misfits)} in ${JSON.stringify(value)}`);
}
