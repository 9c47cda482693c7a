import type { Database } from '../db/database.ts';

/** PostgreSQL's channel on which workers listen. A hint only: they poll anyway. */
const CHANNEL = 'gradewire_receipts';
/** At most one in this time: a notification takes a lock that all commits with notifications stand in line for. */
const QUIET_MS = 20;

/**
 * Tells workers of other processes that receipts wait: at once, then at most every 20 ms. Apart from the receipts' own
 * statement, whose commit would else wait in that line too, and without waiting for the disk, because a lost hint costs
 * nothing.
 */
export class WorkerWaker {
  private readonly db: Database;
  private resting = false;
  private again = false;

  constructor(db: Database) {
    this.db = db;
  }

  wake(): void {
    if (this.resting) {
      this.again = true;
      return;
    }
    this.resting = true;
    const rest = (): void => {
      setTimeout(() => {
        this.resting = false;
        if (this.again) {
          this.again = false;
          this.wake();
        }
      }, QUIET_MS).unref();
    };
    this.db
      .query(`SELECT set_config('synchronous_commit', 'off', true), pg_notify($1, '')`, [CHANNEL])
      .then(rest, rest);
  }
}
