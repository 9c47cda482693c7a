/** Metrics that are asked for when Prometheus asks: the process, and what waits to be projected. */
import { collectDefaultMetrics, Gauge, type Registry } from 'prom-client';
import type { Database } from '../db/database.ts';

/** Several scrapers at once must not each count the queue. */
const FRESH_MS = 3_000;
/** The other metrics are wanted most when the database does not answer. */
const WAIT_MS = 1_000;

/** CPU, memory, event loop lag, garbage collection. */
export function measureProcess(registry: Registry): void {
  collectDefaultMetrics({ register: registry });
}

/** How much waits, and how long the oldest has. While the database is away both are absent (NaN), never an old value. */
export function measureQueue(registry: Registry, db: Database): void {
  let asked = 0;
  let answer: Promise<{ length: number; age: number }> = Promise.resolve({ length: Number.NaN, age: Number.NaN });
  const ask = () => {
    if (Date.now() - asked >= FRESH_MS) {
      asked = Date.now();
      answer = readQueue(db);
    }
    return answer;
  };
  new Gauge({
    name: 'gradewire_receipts_pending',
    help: 'Receipts that wait to be projected.',
    registers: [registry],
    async collect() {
      this.set((await ask()).length);
    },
  });
  new Gauge({
    name: 'gradewire_receipts_oldest_pending_seconds',
    help: 'Age of the oldest receipt that waits to be projected; 0 when none does.',
    registers: [registry],
    async collect() {
      this.set((await ask()).age);
    },
  });
}

async function readQueue(db: Database): Promise<{ length: number; age: number }> {
  const unknown = { length: Number.NaN, age: Number.NaN };
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<typeof unknown>((resolve) => {
    timer = setTimeout(() => resolve(unknown), WAIT_MS);
  });
  try {
    const counted = db.query<{ length: number; age: number }>(
      `SELECT count(*) AS length, coalesce(extract(epoch FROM now() - min(received_at)), 0)::float8 AS age FROM receipt_queue`,
    );
    const asked = counted.then(
      (rows) => rows[0] ?? { length: 0, age: 0 },
      () => unknown,
    );
    return await Promise.race([asked, late]);
  } finally {
    clearTimeout(timer);
  }
}
