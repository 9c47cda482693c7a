/** Times that are all equally long, kept by one timer: thousands of calls under way would each need their own, hardly one of which ever fires. */

/** What ends when its time is over. */
export interface Timed {
  /** Called once, `ms` after it was added, unless it was deleted before. Must not throw. */
  expire(): void;
}

export interface Deadlines {
  add(timed: Timed): void;
  /** It ended before its time. */
  delete(timed: Timed): void;
}

/** `ms`: how long each may take, in milliseconds. Keeps the process alive only while something is under way. */
export function deadlines(ms: number): Deadlines {
  // In the order in which they were added, which is that of their ends.
  const open = new Map<Timed, number>();
  let timer: NodeJS.Timeout | null = null;

  function look(): void {
    timer = null;
    const now = performance.now();
    const over: Timed[] = [];
    for (const [timed, until] of open) {
      if (until > now) {
        arm(until - now);
        break;
      }
      open.delete(timed);
      over.push(timed);
    }
    for (const timed of over) timed.expire();
  }

  function arm(after: number): void {
    // Rounded up: a timer that comes a moment early would be set again and again.
    timer ??= setTimeout(look, Math.ceil(after));
    timer.ref();
  }

  return {
    add(timed) {
      open.set(timed, performance.now() + ms);
      if (timer === null) arm(ms);
      else if (open.size === 1) timer.ref();
    },
    delete(timed) {
      // It stays set for what comes next, and holds up no end of the process.
      if (open.delete(timed) && open.size === 0) timer?.unref();
    },
  };
}
