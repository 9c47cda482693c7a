/** A thread that asks a desk whose own thread dies at its start, and would wait for the answer for ever. */
import { startDesk } from '../../src/worker/start-desk.ts';

setInterval(() => {}, 1_000);
// Without settings the thread throws.
await startDesk(undefined as never).claim(1, { each: 1, atFailing: 1, taken: new Map(), total: 1 });
