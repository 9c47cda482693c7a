/**
 * What the sender asks of the database again and again: claims, their events, and that results are written. The same whether it runs in
 * the sender's thread or, because it is a third of a delivery's computing, in one of its own (./remote-desk.ts).
 */
import type { Uuid } from '../../core/ids.ts';
import type { Database } from '../../db/database.ts';
import type { EventText } from '../../live/events.ts';
import { type ClaimGroup, claimDue, type Room } from '../queue/claim.ts';
import type { Result } from '../queue/results.ts';
import { writeResults } from '../queue/write-results.ts';
import { healthOf, keepHealth } from '../queue/write-stats.ts';
import { eventsOf, type Wanted } from './prepare.ts';

export interface Desk {
  /** Takes due rows under a new lease with the number `claim` (../queue/claim.ts). */
  claim(claim: number, room: Room): Promise<ClaimGroup[]>;
  /** The events of claimed rows, in their order; null where one is gone. */
  events(rows: readonly Wanted[]): Promise<readonly (EventText | null)[]>;
  /** Writes results, all of them or none. */
  write(results: readonly Result[]): Promise<Written>;
}

export interface Written {
  /** Something that waited for one of them (ordered endpoints) is due now. */
  released: boolean;
  /** Endpoints that have had nothing but failures for 5 days. */
  hopeless: { workspace: number; id: Uuid }[];
}

/** The desk in this thread. */
export function deskOf(db: Database): Desk {
  /** Endpoints that are known to fail: a success of the others needs no writing. */
  const failing = new Set<Uuid>();
  return {
    claim: (claim, room) => claimDue(db, claim, room),
    events: (rows) => eventsOf(db, rows),
    async write(results) {
      const changed = healthOf(results, failing);
      // Nearly always nobody's health changes, and one statement is a transaction by itself.
      if (changed.length === 0) return { released: await writeResults(db, results), hopeless: [] };
      return await db.transaction(async (tx) => {
        const released = await writeResults(tx, results);
        return { released, hopeless: await keepHealth(tx, changed, failing) };
      });
    },
  };
}
