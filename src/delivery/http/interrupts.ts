/** One listener for all calls that hang on a signal: adding and removing one for each call costs more than the call's own bookkeeping. */

/** What is under way until it ends or the signal says so. */
export interface Interruptible {
  /** Must not throw. */
  interrupt(): void;
}

const underWay = new WeakMap<AbortSignal, Set<Interruptible>>();

/** From now on `call` is interrupted with the signal, which must not have been aborted already. */
export function hangOn(signal: AbortSignal, call: Interruptible): void {
  let calls = underWay.get(signal);
  if (calls === undefined) {
    const fresh = new Set<Interruptible>();
    signal.addEventListener(
      'abort',
      () => {
        for (const each of [...fresh]) each.interrupt();
      },
      { once: true },
    );
    underWay.set(signal, fresh);
    calls = fresh;
  }
  calls.add(call);
}

/** It has ended. */
export function letGo(signal: AbortSignal, call: Interruptible): void {
  underWay.get(signal)?.delete(call);
}
