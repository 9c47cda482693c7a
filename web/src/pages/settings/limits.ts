/** What a member, an invitation or a key may see, while it is chosen in a form. */
import type { PickedLearner } from './learner-picker.tsx';

export interface Limits<Role extends string = string> {
  role: Role;
  learner: PickedLearner | null;
  /** Class ids; null: every learner. */
  cohorts: string[] | null;
}

/** As the API takes it: what a role has no use for is left out. */
export function limitsBody<Role extends string>(
  limits: Limits<Role>,
): { role: Role; learner?: string; cohorts?: string[] | null } {
  const { role, learner, cohorts } = limits;
  return {
    role,
    ...(role === 'learner' && learner !== null ? { learner: learner.id } : {}),
    ...(role === 'instructor' ? { cohorts } : {}),
  };
}

/** Whether what the role cannot do without is chosen. */
export function limitsComplete({ role, learner, cohorts }: Limits): boolean {
  if (role === 'learner') return learner !== null;
  return role !== 'instructor' || cohorts === null || cohorts.length > 0;
}
