/**
 * A list whose members leave it from anywhere. What has left points to nothing: in a Map or a Set, whose dead tables point to their
 * successors, each garbage collection of the young would carry everything that was ever under way into the old generation
 * (docs/performance.md, "Deliveries").
 */
export class Link<T> {
  readonly value: T;
  before: Link<T> | null = null;
  after: Link<T> | null = null;
  /** null: it has left. */
  chain: Chain<T> | null = null;

  constructor(value: T) {
    this.value = value;
  }
}

export class Chain<T> {
  first: Link<T> | null = null;
  #last: Link<T> | null = null;

  /** Adds it at the end. */
  add(value: T): Link<T> {
    const link = new Link(value);
    link.chain = this;
    link.before = this.#last;
    if (this.#last === null) this.first = link;
    else this.#last.after = link;
    this.#last = link;
    return link;
  }

  /** Takes it out; false when it had left before. */
  remove(link: Link<T>): boolean {
    if (link.chain !== this) return false;
    if (link.before === null) this.first = link.after;
    else link.before.after = link.after;
    if (link.after === null) this.#last = link.before;
    else link.after.before = link.before;
    link.before = null;
    link.after = null;
    link.chain = null;
    return true;
  }
}
