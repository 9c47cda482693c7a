/**
 * Resolves names as the system does (hosts file, then DNS), without letting one slow name server hold up the rest:
 * getaddrinfo blocks a thread of libuv's four, which files and everybody else's names need too.
 */
import { type LookupAddress, lookup } from 'node:dns';

/** All addresses of a name. Rejects with the error of getaddrinfo. */
export type Resolve = (hostname: string) => Promise<readonly LookupAddress[]>;

/** Of libuv's four threads one is always left. */
const MOST_AT_ONCE = 3;
/** A name that took longer goes through a lane of its own from then on, one at a time. */
const SLOW_MS = 1000;
/** Sparing DNS a question for each new connection; the address is checked at each connection all the same. */
const KEPT_MS = 10_000;
/** Bounds the memory of an instance with very many endpoints. */
const MOST_KEPT = 2000;

interface Lane {
  free: number;
  waiting: (() => void)[];
}

/** A resolver with its own short memory; one a process is enough. `getaddrinfo` is what it asks. */
export function systemResolve(getaddrinfo: Resolve = askSystem): Resolve {
  const underWay = new Map<string, Promise<readonly LookupAddress[]>>();
  const kept = new Map<string, { addresses: readonly LookupAddress[]; until: number }>();
  const slow = new Set<string>();
  const fastLane: Lane = { free: MOST_AT_ONCE - 1, waiting: [] };
  const slowLane: Lane = { free: 1, waiting: [] };

  async function ask(hostname: string): Promise<readonly LookupAddress[]> {
    const lane = slow.has(hostname) ? slowLane : fastLane;
    await enter(lane);
    const began = performance.now();
    try {
      const addresses = await getaddrinfo(hostname);
      remember(kept, hostname, { addresses, until: Date.now() + KEPT_MS });
      return addresses;
    } finally {
      leave(lane);
      if (performance.now() - began < SLOW_MS) slow.delete(hostname);
      else {
        if (slow.size >= MOST_KEPT) slow.clear();
        slow.add(hostname);
      }
      underWay.delete(hostname);
    }
  }

  return (hostname) => {
    const known = kept.get(hostname);
    if (known !== undefined && known.until > Date.now()) return Promise.resolve(known.addresses);
    let asked = underWay.get(hostname);
    if (asked === undefined) {
      asked = ask(hostname);
      underWay.set(hostname, asked);
    }
    return asked;
  };
}

function askSystem(hostname: string): Promise<readonly LookupAddress[]> {
  return new Promise((resolve, reject) => {
    lookup(hostname, { all: true }, (error, found) => (error === null ? resolve(found) : reject(error)));
  });
}

async function enter(lane: Lane): Promise<void> {
  if (lane.free > 0) lane.free -= 1;
  else await new Promise<void>((resolve) => lane.waiting.push(resolve));
}

function leave(lane: Lane): void {
  const next = lane.waiting.shift();
  if (next === undefined) lane.free += 1;
  else next();
}

function remember<V>(map: Map<string, V>, key: string, value: V): void {
  if (map.size >= MOST_KEPT) map.clear();
  map.set(key, value);
}
