/**
 * Refused requests, kept so that a person can see what is wrong with a source: best effort, bounded, never waited for. Under a
 * flood only a sample is kept, and whatever the memory or the database cannot take is dropped and counted.
 */
import type { Uuid } from '../core/ids.ts';
import type { Database } from '../db/database.ts';

export interface Rejection {
  workspace: number;
  sourceId: Uuid;
  /** Milliseconds since 1970. */
  at: number;
  /** The error code that was answered. */
  reason: string;
  /** For the person who set the source up; no secret, no payload text. */
  hint: string;
  /** JSON text, redacted. */
  headers: string;
  /** What was read of the body; the first bytes are kept. */
  body: Buffer;
  /** How long the body was, as far as it was read or announced. */
  bodyBytes: number;
}

const BODY_HEAD_BYTES = 2048;
/** Bounds the memory to a few MiB while the database is slow or away. */
const MOST_BUFFERED = 500;
const FLUSH_MS = 200;
/** All of the first in a minute, then one in so many: a broken platform still shows, an attacker does not fill the table. */
const ALL_PER_MINUTE = 200;
const THEN_ONE_IN = 100;
/** At most 10,000 a source stay; trimmed below it and often enough that several processes together do not pass it. */
const KEEP = 9_000;
const TRIM_EVERY = 200;

interface Flood {
  minute: number;
  seen: number;
}

export class Rejections {
  private readonly db: Database;
  private readonly dropped: (count: number) => void;
  private readonly floods = new Map<Uuid, Flood>();
  private readonly sinceTrim = new Map<Uuid, { workspace: number; count: number }>();
  private buffer: Rejection[] = [];
  private timer: NodeJS.Timeout | null = null;
  private flushing: Promise<void> = Promise.resolve();

  constructor(db: Database, dropped: (count: number) => void) {
    this.db = db;
    this.dropped = dropped;
  }

  /** Whether the next rejection of this source is kept; asked first, so that the others cost nothing. */
  wants(sourceId: Uuid, at: number): boolean {
    const minute = Math.floor(at / 60_000);
    let flood = this.floods.get(sourceId);
    if (flood === undefined || flood.minute !== minute) {
      flood = { minute, seen: 0 };
      this.floods.set(sourceId, flood);
    }
    flood.seen += 1;
    const kept = (flood.seen <= ALL_PER_MINUTE || flood.seen % THEN_ONE_IN === 0) && this.buffer.length < MOST_BUFFERED;
    if (!kept) this.dropped(1);
    return kept;
  }

  add(rejection: Rejection): void {
    const head = Buffer.from(rejection.body.subarray(0, BODY_HEAD_BYTES));
    this.buffer.push({ ...rejection, body: head });
    this.timer ??= setTimeout(() => this.flush(), FLUSH_MS);
  }

  /** Writes what is buffered; resolves when it is written or dropped. */
  flush(): Promise<void> {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
    this.flushing = this.flushing.then(() => this.write());
    return this.flushing;
  }

  private async write(): Promise<void> {
    const batch = this.buffer;
    this.buffer = [];
    if (batch.length === 0) return;
    try {
      await insertRejections(this.db, batch);
      for (const { workspace, sourceId } of batch) {
        const since = this.sinceTrim.get(sourceId) ?? { workspace, count: TRIM_EVERY };
        this.sinceTrim.set(sourceId, { workspace, count: since.count + 1 });
      }
      for (const [sourceId, { workspace, count }] of this.sinceTrim) {
        if (count < TRIM_EVERY) continue;
        this.sinceTrim.set(sourceId, { workspace, count: 0 });
        await trimRejections(this.db, workspace, sourceId);
      }
    } catch {
      this.dropped(batch.length);
    }
  }
}

async function insertRejections(db: Database, batch: readonly Rejection[]): Promise<void> {
  await db.query(
    `INSERT INTO rejections (workspace, source_id, at, reason, hint, headers, body, body_bytes)
     SELECT * FROM unnest($1::int[], $2::uuid[], $3::timestamptz[], $4::text[], $5::text[], $6::text[], $7::bytea[], $8::int[])`,
    [
      batch.map((r) => r.workspace),
      batch.map((r) => r.sourceId),
      batch.map((r) => new Date(r.at).toISOString()),
      batch.map((r) => r.reason),
      batch.map((r) => r.hint),
      batch.map((r) => r.headers),
      batch.map((r) => r.body),
      // An announced length can be any number; the column is an integer.
      batch.map((r) => Math.min(r.bodyBytes, 2_147_483_647)),
    ],
  );
}

async function trimRejections(db: Database, workspace: number, sourceId: Uuid): Promise<void> {
  await db.query(
    `DELETE FROM rejections WHERE workspace = $1 AND source_id = $2 AND id <= (
       SELECT id FROM rejections WHERE workspace = $1 AND source_id = $2 ORDER BY id DESC OFFSET $3 LIMIT 1)`,
    [workspace, sourceId, KEEP],
  );
}
