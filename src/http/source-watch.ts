/** What arrives for one source, told to a stream as it comes: for whoever has just pasted the URL and waits. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Uuid } from '../core/ids.ts';
import type { Database } from '../db/database.ts';
import type { Log } from '../db/log.ts';
import { type SseStream, sseFrame } from '../live/sse.ts';
import { type Place, placeNow, receiptsAfter, rejectionsAfter } from '../normalise/receipts/arrivals.ts';

/** Somebody looks at the page: well within the second in which a webhook has to show. */
const LOOK_MS = 400;
/** Receipts become readable out of order, by the time a commit takes: so long a number is looked behind. */
const SETTLED_MS = 5_000;
/** While the database is away. */
const AWAY_MS = 2_000;

/** Tells until the stream is closed. A receipt is told when it is stored and again when it was read, with the same id. */
export async function watchSource(
  parts: { db: Database; log: Log; workspace: number; sourceId: Uuid; from: Place },
  stream: SseStream,
): Promise<void> {
  const { db, log, workspace, sourceId } = parts;
  let { rejection } = parts.from;
  let floor = parts.from.receipt;
  /** Numbers that were told, each with its status. */
  const told = new Map<number, string>();
  let newest = floor;
  /** Ends of all receipts as they were: what lies before one that is old enough is settled, whosever it is. */
  const ends: { at: number; receipt: number }[] = [];

  while (!stream.closed) {
    let pause = LOOK_MS;
    try {
      ends.push({ at: Date.now(), receipt: (await placeNow(db, workspace, sourceId)).receipt });
      const pending = [...told].filter(([, status]) => status === 'pending').map(([seq]) => seq);
      const receipts = await receiptsAfter(db, workspace, sourceId, floor, pending);
      const rejections = await rejectionsAfter(db, workspace, sourceId, rejection);
      const frames: Buffer[] = [];
      for (const { seq, ...receipt } of receipts) {
        if (told.get(seq) === receipt.status) continue;
        told.set(seq, receipt.status);
        newest = Math.max(newest, seq);
        frames.push(sseFrame(formatPlace({ receipt: newest, rejection }), 'receipt', JSON.stringify(receipt)));
      }
      for (const { id, ...refused } of rejections) {
        rejection = id;
        frames.push(sseFrame(formatPlace({ receipt: newest, rejection }), 'rejection', JSON.stringify(refused)));
      }
      stream.write(frames);
      while ((ends[0]?.at ?? Number.POSITIVE_INFINITY) < Date.now() - SETTLED_MS) {
        floor = Math.max(floor, ends.shift()?.receipt ?? 0);
      }
      for (const [seq, status] of told) if (seq <= floor && status !== 'pending') told.delete(seq);
      if (!(await stream.ready())) return;
    } catch (error) {
      log.warn({ err: error, workspace }, 'a source cannot be watched now; it is tried again');
      pause = AWAY_MS;
    }
    await sleep(pause);
  }
}

/** `id:` of a message. */
function formatPlace({ receipt, rejection }: Place): string {
  return `${receipt}.${rejection}`;
}

/** The place in a `Last-Event-ID`; null for any other text. */
export function parsePlace(text: string | undefined): Place | null {
  const [, receipt, rejection] = /^(\d{1,15})\.(\d{1,15})$/.exec(text ?? '') ?? [];
  return receipt === undefined || rejection === undefined
    ? null
    : { receipt: Number(receipt), rejection: Number(rejection) };
}
