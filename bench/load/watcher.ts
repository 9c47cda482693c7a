/** An SSE client that notes when each webhook's event shows in the live stream. */

import type { ClientRequest } from 'node:http';
import { request } from 'node:http';
import { percentiles } from './percentiles.ts';
import type { LoadResult, Target } from './protocol.ts';
import type { Requests } from './requests.ts';

/** An event may be late by this much before it counts as missing. */
const PATIENCE_MS = 10_000;

export class LiveWatcher {
  readonly #requests: Requests;
  readonly #due: Float64Array;
  readonly #delays: Float64Array;
  readonly #seen: Uint8Array;
  readonly #client: ClientRequest;
  #count = 0;
  #twice = 0;
  #changed = () => {};

  private constructor(client: ClientRequest, requests: Requests) {
    this.#client = client;
    this.#requests = requests;
    this.#due = new Float64Array(requests.count);
    this.#delays = new Float64Array(requests.count);
    this.#seen = new Uint8Array(requests.count);
  }

  /** Resolves when the stream is open. */
  static open(target: Target, live: { path: string; key: string }, requests: Requests): Promise<LiveWatcher> {
    return new Promise((resolve, reject) => {
      const client = request({
        host: target.host,
        port: target.port,
        path: live.path,
        headers: { authorization: `Bearer ${live.key}`, accept: 'text/event-stream' },
      });
      client.once('error', reject);
      client.once('response', (response) => {
        if (response.statusCode !== 200) {
          reject(new Error(`The live stream answered ${response.statusCode}.`));
          return;
        }
        const watcher = new LiveWatcher(client, requests);
        let rest = '';
        response.setEncoding('utf8');
        response.on('data', (text: string) => {
          const lines = (rest + text).split('\n');
          rest = lines.pop() ?? '';
          for (const line of lines) if (line.startsWith('data:')) watcher.#arrived(line.slice(5));
        });
        response.on('error', () => {});
        resolve(watcher);
      });
      client.end();
    });
  }

  sent(i: number, dueAt: number): void {
    this.#due[i] = dueAt;
  }

  /** Waits until `expected` events were seen (10 s at most) and closes the stream. */
  async finish(expected: number): Promise<NonNullable<LoadResult['seen']>> {
    const deadline = performance.now() + PATIENCE_MS;
    while (this.#count < expected && performance.now() < deadline) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, deadline - performance.now());
        this.#changed = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
    this.#client.destroy();
    return {
      ...percentiles(this.#delays, this.#count),
      missing: Math.max(0, expected - this.#count),
      twice: this.#twice,
    };
  }

  #arrived(json: string): void {
    const now = performance.now();
    const event: unknown = JSON.parse(json);
    if (typeof event !== 'object' || event === null || !('occurredAt' in event) || !('type' in event)) return;
    if (event.type !== 'attempt.completed' || typeof event.occurredAt !== 'string') return;
    const i = this.#requests.indexOf(Date.parse(event.occurredAt));
    if (i === -1) return;
    if (this.#seen[i] === 1) {
      this.#twice++;
      return;
    }
    this.#seen[i] = 1;
    this.#delays[this.#count++] = now - (this.#due[i] ?? now);
    this.#changed();
  }
}
