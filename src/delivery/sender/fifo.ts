/** First in, first out: taken from the start without moving what stands behind, as an Array would hundreds of times for each that it holds. */
export class Fifo<T> {
  #items: (T | undefined)[] = [];
  /** Where the first stands. */
  #start = 0;

  get length(): number {
    return this.#items.length - this.#start;
  }

  push(item: T): void {
    this.#items.push(item);
  }

  /** The oldest, at most `count`; fewer when there are no more. */
  take(count: number): T[] {
    const taken: T[] = [];
    while (taken.length < count && this.#start < this.#items.length) {
      const item = this.#items[this.#start] as T;
      this.#items[this.#start++] = undefined;
      taken.push(item);
    }
    this.#tidy();
    return taken;
  }

  /** What was taken is given room again once it is the greater part. */
  #tidy(): void {
    if (this.#start === 0 || (this.#start < MOST_GAPS && this.#start < this.#items.length)) return;
    this.#items = this.#items.slice(this.#start);
    this.#start = 0;
  }
}

const MOST_GAPS = 1_000;
