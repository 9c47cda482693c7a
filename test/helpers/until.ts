import { setTimeout as sleep } from 'node:timers/promises';

/** Asks again until the answer is neither null nor false; throws with `what` when that takes longer than `ms`. */
export async function until<T>(
  what: string,
  ask: () => Promise<T | null | false> | T | null | false,
  ms = 30_000,
): Promise<T> {
  const deadline = Date.now() + ms;
  for (;;) {
    const answer = await ask();
    if (answer !== null && answer !== false) return answer;
    if (Date.now() > deadline) throw new Error(`Waited ${ms} ms in vain: ${what}.`);
    await sleep(20);
  }
}
