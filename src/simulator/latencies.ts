/** Times in bounded memory: a histogram whose buckets grow by 2 %, so every quantile is right to 1 %. */
const SMALLEST_MS = 0.05;
const GROWTH = Math.log(1.02);

export class Latencies {
  #buckets: number[] = [];
  #count = 0;

  /** Milliseconds. */
  add(ms: number): void {
    const bucket = ms <= SMALLEST_MS ? 0 : Math.ceil(Math.log(ms / SMALLEST_MS) / GROWTH);
    this.#buckets[bucket] = (this.#buckets[bucket] ?? 0) + 1;
    this.#count += 1;
  }

  /** Milliseconds below which the share `q` (0..1) of all lies; null when there is none. */
  quantile(q: number): number | null {
    if (this.#count === 0) return null;
    let left = Math.max(1, Math.ceil(q * this.#count));
    let last = 0;
    // Sparse: forEach skips the buckets that nothing fell into.
    this.#buckets.forEach((count, bucket) => {
      if (left > 0) last = bucket;
      left -= count;
    });
    return SMALLEST_MS * Math.exp(GROWTH * Math.max(0, last - 0.5));
  }
}
