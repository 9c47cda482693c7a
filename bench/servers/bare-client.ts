/**
 * The yardstick of deliveries: what the undici client sends at most with these bodies, signing included, nothing stored. A child
 * process of the bench: gets what to do as a message, sends for that long, tells how many answers came.
 */
import { Agent } from 'undici';
import { signStandardWebhook } from '../../src/core/signatures.ts';

interface Work {
  url: string;
  bodies: string[];
  connections: number;
  seconds: number;
}

const SECRET = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
/** Code that was never run is slow at first. */
const WARM_MS = 2_000;

process.once('message', async ({ url, bodies, connections, seconds }: Work) => {
  const agent = new Agent({ connections });
  const { origin, pathname } = new URL(url);
  const began = performance.now();
  const from = began + WARM_MS;
  const to = from + seconds * 1000;
  let answered = 0;
  let n = 0;
  const lane = async () => {
    for (;;) {
      const now = performance.now();
      if (now >= to) return;
      const body = Buffer.from(bodies[n++ % bodies.length] ?? '');
      const timestamp = String(Math.floor(Date.now() / 1000));
      const id = `msg_${n}`;
      const response = await agent.request({
        origin,
        path: pathname,
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          'user-agent': 'Gradewire/bench',
          'webhook-id': id,
          'webhook-timestamp': timestamp,
          'webhook-signature': signStandardWebhook(SECRET, id, timestamp, body),
        },
        body,
      });
      await response.body.text();
      if (performance.now() >= from && performance.now() < to) answered += 1;
    }
  };
  await Promise.all(Array.from({ length: connections }, lane));
  process.send?.({ answered });
});
process.send?.({ port: 0 });
process.once('SIGTERM', () => process.exit(0));
process.once('disconnect', () => process.exit(0));
