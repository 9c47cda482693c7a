/** What the server tells the worker's thread at its start. */

/** The channel on which ingest, replay and rebuild say that receipts are pending. */
export const RECEIPTS_CHANNEL = 'gradewire_receipts';

/** Two lanes overlap one batch's database time with the other's computing; more only wait for the feed's lock. */
export const LANES = 2;

/** One holds the jobs’ locks, the others run their statements: fewer than jobs that run at once would make them time out. Idle ones close. */
export const CHORE_CONNECTIONS = 8;

/**
 * More requests than this waiting for their commit: webhooks press, and the projection gives way. An open loop at full
 * steady rate stays far below it (a commit takes a few milliseconds), a burst of hundreds of connections far above.
 */
export const BUSY_REQUESTS = 100;

/** What server and worker share: requests that wait for their answer; 1 when the worker wants to be woken once. */
export const SHARED = { waiting: 0, wantsWake: 1, bytes: 8 } as const;

export interface ThreadSettings {
  databaseUrl: string;
  logLevel: string;
  /** Receipts in a batch at most. */
  batch: number;
  /** Finds who was erased; the thread needs no other secret. */
  tombstoneKey: Uint8Array;
  /** Two Int32, see SHARED. */
  shared: SharedArrayBuffer;
}
