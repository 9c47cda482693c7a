/** Lets only so many pieces of work run at once; the rest wait for their turn, in the order they came. */
export interface Turns {
  take<T>(work: () => Promise<T>): Promise<T>;
}

export function turns(atOnce: number): Turns {
  let running = 0;
  const waiting: (() => void)[] = [];
  return {
    async take(work) {
      if (running >= atOnce) await new Promise<void>((resolve) => waiting.push(resolve));
      else running += 1;
      try {
        return await work();
      } finally {
        const next = waiting.shift();
        // The turn is handed on, not given back: nobody can slip in between.
        if (next === undefined) running -= 1;
        else next();
      }
    },
  };
}
