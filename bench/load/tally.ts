/** What a load run counts, whichever loop drives it. */
import { percentiles } from './percentiles.ts';
import type { LoadResult } from './protocol.ts';

export class Tally {
  acknowledged = 0;
  acknowledgedInAll = 0;
  broken = 0;
  readonly refused: Record<string, number> = {};
  measuring = false;
  readonly #latencies: Float64Array;
  #count = 0;
  #from = 0;
  #until = 0;
  #cpuFrom: NodeJS.CpuUsage = { user: 0, system: 0 };
  #cpu: NodeJS.CpuUsage = { user: 0, system: 0 };

  constructor(most: number) {
    this.#latencies = new Float64Array(most);
  }

  begin(): void {
    this.measuring = true;
    this.#from = performance.now();
    this.#cpuFrom = process.cpuUsage();
  }

  end(): void {
    if (!this.measuring) return;
    this.measuring = false;
    this.#until = performance.now();
    this.#cpu = process.cpuUsage(this.#cpuFrom);
  }

  answered(status: number, dueAt: number): void {
    if (status !== 200) {
      this.refused[status] = (this.refused[status] ?? 0) + 1;
      return;
    }
    this.acknowledgedInAll++;
    if (!this.measuring) return;
    this.acknowledged++;
    this.#latencies[this.#count++] = performance.now() - dueAt;
  }

  result(seen: LoadResult['seen']): LoadResult {
    const seconds = (this.#until - this.#from) / 1000;
    return {
      acknowledged: this.acknowledged,
      seconds,
      perSecond: seconds > 0 ? this.acknowledged / seconds : 0,
      acknowledgedInAll: this.acknowledgedInAll,
      refused: this.refused,
      broken: this.broken,
      latency: percentiles(this.#latencies, this.#count),
      seen,
      cpuSeconds: (this.#cpu.user + this.#cpu.system) / 1e6,
    };
  }
}
