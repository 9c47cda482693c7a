/** The jobs that every worker runs beside projecting (./chores.ts). */
import type { Chore } from './chores.ts';

export const CHORES: readonly Chore[] = [];
