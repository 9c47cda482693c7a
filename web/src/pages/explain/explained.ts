/** Names for what GET /explain answers. */
import type { Answer } from '../../api/types.ts';

export type Explained = Answer<'/api/v1/explain'>;
export type ExplainedInput = Explained['inputs'][number];
export type Policy = Explained['policy'];

/** The order in which policies stand everywhere. */
const POLICIES = ['first', 'last', 'best', 'all'] as const satisfies readonly Policy[];

export interface PolicyFigure {
  policy: Policy;
  value: number | null;
  n: number;
  current: boolean;
}

/** The figure under each policy, the one shown among them; empty where the policy does not matter. */
export function figureByPolicy(explained: Explained): PolicyFigure[] {
  const { otherPolicies, policy: current, value, n } = explained;
  if (otherPolicies.length === 0) return [];
  return POLICIES.flatMap((policy): PolicyFigure[] => {
    if (policy === current) return [{ policy, value, n, current: true }];
    const other = otherPolicies.find(({ attempts }) => attempts === policy);
    return other === undefined ? [] : [{ policy, value: other.value, n: other.n, current: false }];
  });
}
