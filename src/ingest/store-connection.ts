/**
 * A connection of our own for the statement everything waits for: never lent out, never in line behind a report, and thrown
 * away without asking when it hangs.
 *
 *   connecting ──ok──▶ idle ◀──answered── busy
 *       │  ▲            │ └────insert────▶  │
 *     failed └─backoff─ away ◀──lost, abandoned (first try at once)
 *       └───────────────▶│
 *   every state ──close──▶ closed
 */
import { Socket } from 'node:net';
import pg from 'pg';
import { isDatabaseAway } from '../db/away.ts';
import { NO_JIT } from '../db/database.ts';
import { insertReceipts, type NewReceipt } from './insert-receipts.ts';

export type ConnectionState = 'connecting' | 'idle' | 'busy' | 'away' | 'closed';

/** The settings our statement relies on; see docs/decisions/0030-group-commit.md for the figures. */
const OPTIONS = [
  'search_path=gradewire',
  'timezone=UTC',
  // An answer of 200 promises a commit on disk, whatever the server's default is.
  'synchronous_commit=on',
  // A statement we gave up on must not hold its locks for ever: senders send again and would pile up behind them.
  'statement_timeout=5000',
  // Planned once: planning anew costs more than inserting a batch. Then a nested loop over two batches must not be in the plan.
  'plan_cache_mode=force_generic_plan',
  'enable_nestloop=off',
  'enable_mergejoin=off',
  NO_JIT,
  // A batch is materialised in memory instead of in a temporary file.
  'work_mem=32MB',
]
  .map((setting) => `-c ${setting}`)
  .join(' ');

const CONNECT_TIMEOUT_MS = 1500;
const CLOSE_TIMEOUT_MS = 500;
/** Waits between tries to connect: soon enough that senders' first retry finds us back. */
const FIRST_BACKOFF_MS = 50;
const LONGEST_BACKOFF_MS = 1000;

export interface StoreConnectionEvents {
  /** The state changed; idle means that it can take a batch. */
  changed(): void;
  /** A try to connect failed or the connection was lost, for the log. */
  lost(error: Error): void;
}

export class StoreConnection {
  private readonly url: string;
  private readonly events: StoreConnectionEvents;
  private client: pg.Client | null = null;
  private socket: Socket | null = null;
  private current: ConnectionState = 'away';
  private failures = 0;
  private timer: NodeJS.Timeout | null = null;
  private answer: ((error: Error | null, duplicates: ReadonlySet<string>) => void) | null = null;

  constructor(url: string, events: StoreConnectionEvents) {
    this.url = url;
    this.events = events;
    this.connect();
  }

  get state(): ConnectionState {
    return this.current;
  }

  /** Whether there is hope that a batch can go out soon: false once a try to connect has failed, until one succeeds. */
  get hopeful(): boolean {
    return this.current !== 'closed' && this.failures === 0;
  }

  /** Only when idle. The callback comes exactly once; an error may leave it unknown whether the batch was stored. */
  insert(
    receipts: readonly NewReceipt[],
    repeats: readonly number[],
    done: (error: Error | null, duplicates: ReadonlySet<string>) => void,
  ): void {
    const client = this.client;
    if (this.current !== 'idle' || client === null) throw new Error('insert() needs an idle connection.');
    this.current = 'busy';
    this.answer = done;
    insertReceipts(client, receipts, repeats, (error, duplicates) => {
      // A late answer of a connection that was given up: its batch has been answered.
      if (this.client !== client) return;
      this.answer = null;
      if (error !== null && isDatabaseAway(error)) {
        this.lose(client, error);
      } else {
        this.current = 'idle';
      }
      done(error, duplicates);
      this.events.changed();
    });
  }

  /** Gives the connection up: the statement on its way cannot be trusted to return. Its callback gets an error now. */
  abandon(): void {
    const client = this.client;
    if (client !== null) this.lose(client, new Error('The database did not answer in time.'));
  }

  /** Ends the connection for good; what is under way gets an error. */
  async close(): Promise<void> {
    const client = this.client;
    this.client = null;
    if (this.timer !== null) clearTimeout(this.timer);
    this.current = 'closed';
    this.fail(new Error('The store was closed.'));
    if (client === null) return;
    // The farewell lets the server end its backend cleanly; one that does not listen is not waited for.
    const giveUp = setTimeout(() => this.socket?.destroy(), CLOSE_TIMEOUT_MS);
    await client.end().catch(() => {});
    clearTimeout(giveUp);
    this.socket?.destroy();
  }

  private connect(): void {
    this.timer = null;
    this.current = 'connecting';
    const socket = new Socket();
    const client = new pg.Client({
      connectionString: this.url,
      stream: () => socket,
      application_name: 'gradewire receipts',
      connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
      keepAlive: true,
      options: OPTIONS,
    });
    this.socket = socket;
    this.client = client;
    client.on('error', (error) => this.lose(client, error));
    client.on('end', () => this.lose(client, new Error('The database closed the connection.')));
    client.connect((error: Error | null) => {
      if (this.client !== client) return;
      if (error !== null && error !== undefined) {
        this.failures += 1;
        this.lose(client, error);
        return;
      }
      this.failures = 0;
      this.current = 'idle';
      this.events.changed();
    });
  }

  /** From any state but closed to away, once per client; tries again at once, then with growing waits. */
  private lose(client: pg.Client, error: Error): void {
    if (this.client !== client) return;
    this.client = null;
    this.socket?.destroy();
    this.current = 'away';
    const wait = this.failures === 0 ? 0 : Math.min(LONGEST_BACKOFF_MS, FIRST_BACKOFF_MS * 2 ** (this.failures - 1));
    this.timer = setTimeout(() => this.connect(), wait);
    this.events.lost(error);
    this.fail(error);
    this.events.changed();
  }

  private fail(error: Error): void {
    const answer = this.answer;
    this.answer = null;
    answer?.(error, new Set());
  }
}
