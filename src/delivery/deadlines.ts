/** Times that are all equally long, kept by one timer: thousands of calls under way would each need their own, hardly one of which ever fires. */
import { Chain, type Link } from './chain.ts';

/** What ends when its time is over. */
export interface Timed {
  /** Called once, `ms` after it was added, unless it was deleted before. Must not throw. */
  expire(): void;
}

export interface Deadlines {
  add(timed: Timed): Deadline;
  /** It ended before its time. */
  delete(deadline: Deadline): void;
}

export type Deadline = Link<Ending>;

interface Ending {
  timed: Timed;
  /** Monotonic milliseconds. */
  until: number;
}

/** `ms`: how long each may take, in milliseconds. Keeps the process alive only while something is under way. */
export function deadlines(ms: number): Deadlines {
  // In the order in which they were added, which is that of their ends.
  const open = new Chain<Ending>();
  let timer: NodeJS.Timeout | null = null;

  function look(): void {
    timer = null;
    const now = performance.now();
    const over: Timed[] = [];
    for (let next = open.first; next !== null; next = open.first) {
      const { timed, until } = next.value;
      if (until > now) {
        arm(until - now);
        break;
      }
      open.remove(next);
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
      const before = open.first;
      const deadline = open.add({ timed, until: performance.now() + ms });
      if (timer === null) arm(ms);
      else if (before === null) timer.ref();
      return deadline;
    },
    delete(deadline) {
      // The timer stays set for what comes next, and holds up no end of the process.
      if (open.remove(deadline) && open.first === null) timer?.unref();
    },
  };
}
