/** The jobs that every worker runs beside projecting (./chores.ts). */
import { attentionEvaluator } from '../attention/evaluate.ts';
import { keepSourceHealth } from '../attention/keep-source-health.ts';
import { dropOldDeliveries } from '../delivery/log/drop-old-deliveries.ts';
import { releaseFollowers } from '../delivery/queue/release-followers.ts';
import { dropOld } from '../retention/drop-old.ts';
import type { Chore } from './chores.ts';
import { alike, bodies, rollups } from './kept-chores.ts';

export const CHORES: readonly Chore[] = [
  rollups,
  bodies,
  { name: 'attention', everyMs: 10_000, afterBatch: true, run: attentionEvaluator() },
  alike,
  { name: 'source health', everyMs: 20_000, run: keepSourceHealth },
  { name: 'retention', everyMs: 3_600_000, run: dropOld },
  { name: 'retention of deliveries', everyMs: 3_600_000, run: dropOldDeliveries },
  {
    name: 'order of deliveries',
    everyMs: 10_000,
    run: async (db) => {
      await releaseFollowers(db);
    },
  },
];
