/** What became of a run: counted while it goes, told at its end. */
import type { Delivery, Fault } from './faults.ts';
import { Latencies } from './latencies.ts';

/** How a webhook ended. `reason`: the receiver's error code, else what went wrong in a few words. */
export type Outcome =
  | { kind: 'accepted' | 'duplicate'; status: number; tries: number; ms: number }
  | { kind: 'refused'; status: number; reason: string; tries: number; ms: number }
  | { kind: 'failed'; reason: string; tries: number; ms: number };

export interface RefusedRow {
  status: number | null;
  reason: string;
  count: number;
  /** Refused as they should be: faults that were sent on purpose. */
  expected: number;
  /** Which faults those were. */
  faults: Partial<Record<Fault, number>>;
}

export interface Summary {
  sent: number;
  accepted: number;
  duplicates: number;
  refused: RefusedRow[];
  /** Never answered, or 5xx to the last try. */
  failed: RefusedRow[];
  /** Tries beyond the first. */
  retried: number;
  /** Faults that were accepted though they must be refused. */
  wronglyAccepted: number;
  faults: Partial<Record<Fault, number>>;
  p50Ms: number | null;
  p99Ms: number | null;
  seconds: number;
  perSecond: number;
  /** Everything went as it should. */
  asExpected: boolean;
}

export class Tally {
  sent = 0;
  /** Of the scenario itself, without the copies that faults add. */
  plain = 0;
  accepted = 0;
  duplicates = 0;
  refusedCount = 0;
  failedCount = 0;
  #retried = 0;
  #wronglyAccepted = 0;
  #unexpected = 0;
  #refused = new Map<string, RefusedRow>();
  #failed = new Map<string, RefusedRow>();
  #faults = new Map<Fault, number>();
  #latencies = new Latencies();
  readonly #startedAt = performance.now();

  add(delivery: Delivery, outcome: Outcome): void {
    this.sent += 1;
    if (delivery.kind === 'plain') this.plain += 1;
    this.#retried += outcome.tries - 1;
    this.#latencies.add(outcome.ms);
    if (delivery.fault !== null) this.#faults.set(delivery.fault, (this.#faults.get(delivery.fault) ?? 0) + 1);
    switch (outcome.kind) {
      case 'accepted':
      case 'duplicate':
        if (outcome.kind === 'accepted') this.accepted += 1;
        else this.duplicates += 1;
        if (mustBeRefused(delivery)) this.#wronglyAccepted += 1;
        break;
      case 'refused': {
        this.refusedCount += 1;
        const expected = refusedRightly(delivery, outcome.status);
        if (!expected) this.#unexpected += 1;
        count(this.#refused, outcome.status, outcome.reason, expected ? delivery.fault : null);
        break;
      }
      case 'failed':
        this.failedCount += 1;
        this.#unexpected += 1;
        count(this.#failed, null, outcome.reason, null);
        break;
      default:
        outcome satisfies never;
    }
  }

  /** How fast it goes: over the whole run so far. */
  pace(): { seconds: number; perSecond: number } {
    const seconds = (performance.now() - this.#startedAt) / 1000;
    return { seconds, perSecond: this.sent / Math.max(seconds, 0.001) };
  }

  /** Milliseconds; null before the first answer. */
  median(): number | null {
    return this.#latencies.quantile(0.5);
  }

  summary(): Summary {
    const { seconds, perSecond } = this.pace();
    return {
      sent: this.sent,
      accepted: this.accepted,
      duplicates: this.duplicates,
      refused: sorted(this.#refused),
      failed: sorted(this.#failed),
      retried: this.#retried,
      wronglyAccepted: this.#wronglyAccepted,
      faults: Object.fromEntries(this.#faults),
      p50Ms: rounded(this.#latencies.quantile(0.5)),
      p99Ms: rounded(this.#latencies.quantile(0.99)),
      seconds: Math.round(seconds * 100) / 100,
      perSecond: Math.round(perSecond * 10) / 10,
      asExpected: this.#unexpected === 0 && this.#wronglyAccepted === 0,
    };
  }
}

function mustBeRefused(delivery: Delivery): boolean {
  return delivery.kind === 'tamper' || delivery.kind === 'stale' || delivery.kind === 'malformed';
}

/** Whether that is the refusal the contract tells for this fault. */
function refusedRightly(delivery: Delivery, status: number): boolean {
  switch (delivery.kind) {
    case 'plain':
    case 'duplicate':
      return false;
    case 'stale':
      return status === 401;
    case 'tamper':
      // 404: a wrong token in the URL of a platform that signs nothing.
      return status === 401 || status === 404;
    case 'malformed':
      // 401: cut off after it was signed, so the signature is checked first and does not fit.
      return status === 400 || status === 401;
    default:
      return delivery satisfies never;
  }
}

function count(
  rows: Map<string, RefusedRow>,
  status: number | null,
  reason: string,
  expectedFault: Fault | null,
): void {
  const key = `${status} ${reason}`;
  const row = rows.get(key) ?? { status, reason, count: 0, expected: 0, faults: {} };
  rows.set(key, row);
  row.count += 1;
  if (expectedFault === null) return;
  row.expected += 1;
  row.faults[expectedFault] = (row.faults[expectedFault] ?? 0) + 1;
}

function sorted(rows: ReadonlyMap<string, RefusedRow>): RefusedRow[] {
  return [...rows.values()].sort((a, b) => b.count - a.count);
}

function rounded(ms: number | null): number | null {
  return ms === null ? null : Number(ms.toPrecision(3));
}
