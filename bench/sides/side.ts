import type { Target } from '../load/protocol.ts';

export const SIDES = ['bare', 'guide', 'gradewire'] as const;
export type SideName = (typeof SIDES)[number];

/** How far a side's storing lies behind its acknowledging. */
export interface Backlog {
  /** Age in seconds of the oldest completion that is acknowledged and not yet stored (and projected); 0: none. */
  oldestSeconds: number;
}

/** One side, running in a process of its own. */
export interface Side {
  readonly name: SideName;
  readonly target: Target;
  readonly pid: number;
  /** Cheap enough to be asked twice a second under load. */
  backlog(): Promise<Backlog>;
  /** Acknowledged and not yet stored (and projected); counts rows, so not for under load. */
  waiting(): Promise<number>;
  /** Completions stored (and projected), of all runs on this side's database. */
  stored(): Promise<number>;
  /** Ends the process; what only its memory holds is lost. */
  stop(): Promise<void>;
}

export const SECRET = 'a secret of the bench, of at least thirty-two characters';
