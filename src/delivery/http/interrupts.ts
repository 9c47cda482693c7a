/** One listener for all calls that hang on a signal: adding and removing one for each call costs more than the call's own bookkeeping. */
import { Chain, type Link } from '../chain.ts';

/** What is under way until it ends or the signal says so. */
export interface Interruptible {
  /** Must not throw. */
  interrupt(): void;
}

export type Hanging = Link<Interruptible>;

const underWay = new WeakMap<AbortSignal, Chain<Interruptible>>();

/** From now on `call` is interrupted with the signal, which must not have been aborted already. */
export function hangOn(signal: AbortSignal, call: Interruptible): Hanging {
  let calls = underWay.get(signal);
  if (calls === undefined) {
    const fresh = new Chain<Interruptible>();
    signal.addEventListener(
      'abort',
      () => {
        for (let next = fresh.first; next !== null; next = fresh.first) {
          fresh.remove(next);
          next.value.interrupt();
        }
      },
      { once: true },
    );
    underWay.set(signal, fresh);
    calls = fresh;
  }
  return calls.add(call);
}

/** It has ended. */
export function letGo(call: Hanging): void {
  call.chain?.remove(call);
}
