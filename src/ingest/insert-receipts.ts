import type { Client } from 'pg';
import type { Verification } from '../core/vocabulary.ts';
import { boolArray, byteaArray, int4Array, textArray, timestamptzArray, uuidArray } from '../db/binary-arrays.ts';

/** One webhook that passed, as it is stored. */
export interface NewReceipt {
  workspace: number;
  /** 32 bytes; see receiptKey. */
  key: Buffer;
  /** The same as text, for lookups: `latin1`. */
  keyText: string;
  /** The source's UUID as 16 bytes. */
  sourceId: Buffer;
  verification: Verification;
  eventName: string | null;
  test: boolean;
  /** JSON text, redacted. */
  headers: string;
  body: Buffer;
  /** Milliseconds since 1970. */
  receivedAt: number;
}

/**
 * Numbers are drawn in the order of arrival (corrections that bear no version count in it), while the keys are written in
 * their own order: two processes that take the same webhooks then wait for each other instead of ending in a deadlock.
 * `xmax = 0`: the row was inserted by this statement; an update by ON CONFLICT leaves its lock there.
 */
const INPUT = `
WITH input AS MATERIALIZED (
  SELECT nextval('receipt_seq') AS seq, i.*
  FROM unnest($1::int4[], $2::bytea[], $3::timestamptz[], $4::int4[], $5::uuid[], $6::text[], $7::text[], $8::bool[], $9::text[], $10::bytea[])
    AS i (workspace, key, received_at, repeats, source_id, verification, event_name, test, headers, body)
)`;

const SQL = `${INPUT}, keyed AS (
  INSERT INTO receipt_keys AS known (workspace, key, seq, received_at, duplicates)
  SELECT workspace, key, seq, received_at, repeats FROM input ORDER BY workspace, key
  ON CONFLICT (workspace, key) DO UPDATE SET duplicates = known.duplicates + 1 + excluded.duplicates
  RETURNING workspace, key, seq, received_at, (xmax = 0) AS fresh
), stored AS (
  INSERT INTO receipts (workspace, seq, received_at, key, source_id, verification, event_name, test, headers, body)
  SELECT i.workspace, i.seq, i.received_at, i.key, i.source_id, i.verification, i.event_name, i.test, i.headers, i.body
  FROM input i JOIN keyed k ON k.seq = i.seq
  WHERE k.fresh
), queued AS (
  INSERT INTO receipt_queue (workspace, seq, received_at)
  SELECT workspace, seq, received_at FROM keyed WHERE fresh
)
SELECT key FROM keyed WHERE NOT fresh`;

/** The same for receipts none of which is known: a key that is there already fails it as a whole. The keys are written first. */
const SQL_ALL_NEW = `${INPUT}, stored AS (
  INSERT INTO receipts (workspace, seq, received_at, key, source_id, verification, event_name, test, headers, body)
  SELECT workspace, seq, received_at, key, source_id, verification, event_name, test, headers, body FROM input
), queued AS (
  INSERT INTO receipt_queue (workspace, seq, received_at) SELECT workspace, seq, received_at FROM input
)
INSERT INTO receipt_keys (workspace, key, seq, received_at, duplicates)
SELECT workspace, key, seq, received_at, repeats FROM input ORDER BY workspace, key`;

const UNIQUE_VIOLATION = '23505';
/** After a duplicate so many batches of a connection expect another: whoever repeats everything costs 1 statement in 65 more. */
const WARY_BATCHES = 64;
const wary = new WeakMap<Client, number>();
const NONE: ReadonlySet<string> = new Set();

/**
 * Writes receipts (no two with the same key) in one statement, which is one transaction: when the callback comes without an
 * error, they are committed. Most batches bring only what is new, so that is tried first; the unique key says when it is not so,
 * then nothing of it is stored and the statement that counts duplicates takes them all. `repeats[i]`: how many more times the i-th arrived in the same moment. `duplicates`: the key texts
 * that were known before.
 */
export function insertReceipts(
  client: Client,
  receipts: readonly NewReceipt[],
  repeats: readonly number[],
  done: (error: Error | null, duplicates: ReadonlySet<string>) => void,
): void {
  const values = [
    int4Array(receipts.map((r) => r.workspace)),
    byteaArray(receipts.map((r) => r.key)),
    timestamptzArray(receipts.map((r) => r.receivedAt)),
    int4Array(repeats),
    uuidArray(receipts.map((r) => r.sourceId)),
    textArray(receipts.map((r) => r.verification)),
    textArray(receipts.map((r) => r.eventName)),
    boolArray(receipts.map((r) => r.test)),
    textArray(receipts.map((r) => r.headers)),
    byteaArray(receipts.map((r) => r.body)),
  ];
  const cautiously = (): void => {
    client.query<[Buffer]>(
      { name: 'insert-receipts', text: SQL, values, rowMode: 'array' },
      (error: Error | null, result) => {
        if (error !== null && error !== undefined) done(error, NONE);
        else done(null, new Set(result.rows.map(([key]) => key.toString('latin1'))));
      },
    );
  };
  const left = wary.get(client) ?? 0;
  if (left > 0) {
    wary.set(client, left - 1);
    cautiously();
    return;
  }
  client.query({ name: 'insert-new-receipts', text: SQL_ALL_NEW, values }, (error: Error | null) => {
    if (error === null || error === undefined) done(null, NONE);
    else if ('code' in error && error.code === UNIQUE_VIOLATION) {
      wary.set(client, WARY_BATCHES);
      cautiously();
    } else done(error, NONE);
  });
}
