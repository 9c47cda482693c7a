import type { Static } from 'typebox';
import type { explainQuery } from '../contracts/explain.ts';

export type ExplainQuery = Static<typeof explainQuery>;

/** Whether it is the area that was asked for. */
export function isArea(
  { area, kind, parent }: ExplainQuery,
  one: { kind: string; name: string; parent: string | null },
): boolean {
  return (
    one.name === area && (kind === undefined || one.kind === kind) && (parent === undefined || one.parent === parent)
  );
}
