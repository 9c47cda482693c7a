import { expect, test } from 'vitest';
import { adapterFor } from '../../src/adapters/registry.ts';
import { PROVIDERS, type Provider } from '../../src/core/vocabulary.ts';
import { type Delivery, FAULTS, type FaultShares, withFaults } from '../../src/simulator/faults.ts';
import { Latencies } from '../../src/simulator/latencies.ts';
import { scenario } from '../../src/simulator/scenario.ts';
import { requestFor, signsTime, type Target } from '../../src/simulator/target.ts';
import { TimeQueue } from '../../src/simulator/time-queue.ts';
import { secretsFor } from '../helpers/simulated.ts';

const ALL: FaultShares = { duplicate: 0.1, reorder: 0.1, tamper: 0.1, late: 0.1, malformed: 0.1 };

function events(provider: Provider, count: number) {
  const options = { seed: 's', adapters: [adapterFor(provider)], learners: 20, start: 1_768_204_800_000 };
  return [...scenario({ ...options, rhythm: 'history' }).take(count)];
}

function faulty(provider: Provider, shares: FaultShares, seed = 'seed', count = 1000): Delivery[] {
  return [...withFaults(events(provider, count), shares, seed, () => signsTime(adapterFor(provider)))];
}

function targetOf(provider: Provider): Target {
  const token = adapterFor(provider).needs.urlToken ? '/tokenA' : '';
  return {
    adapter: adapterFor(provider),
    url: new URL(`http://127.0.0.1:1/webhooks/${provider}${token}`),
    secrets: secretsFor(provider),
    origin: null,
  };
}

test.each(PROVIDERS)('%s: faults lose nothing, every webhook still goes out as it should be, once', (provider) => {
  const deliveries = faulty(provider, ALL);
  const plain = deliveries.filter((delivery) => delivery.kind === 'plain').map((delivery) => delivery.event.messageId);
  expect(plain.toSorted()).toEqual(
    events(provider, 1000)
      .map((event) => event.messageId)
      .toSorted(),
  );
});

test('without faults the order is the scenario’s', () => {
  expect(faulty('quizapi', {}).map((delivery) => delivery.event)).toEqual(events('quizapi', 1000));
});

test('the same seed does the same faults; shares are about what was asked for', () => {
  const shape = (list: readonly Delivery[]) => list.map((one) => `${one.kind} ${one.fault} ${one.event.messageId}`);
  expect(shape(faulty('instruqt', ALL))).toEqual(shape(faulty('instruqt', ALL)));
  expect(shape(faulty('instruqt', ALL, 'other'))).not.toEqual(shape(faulty('instruqt', ALL)));
  for (const fault of FAULTS) {
    const only = faulty('instruqt', { [fault]: 0.2 }, 'seed', 2000);
    // Late ones of a platform that signs the time are two: the stale copy and the real one.
    const hit = new Set(only.filter((one) => one.fault === fault).map((one) => one.event.messageId)).size;
    expect(hit, fault).toBeGreaterThan(300);
    expect(hit, fault).toBeLessThan(500);
  }
});

test('reorder swaps neighbours of the same learner', () => {
  const sent = faulty('quizapi', { reorder: 0.2 }).map((delivery) => delivery.event);
  let swapped = 0;
  for (let learner = 0; learner < 20; learner++) {
    const times = sent.filter((event) => event.learner.index === learner).map((event) => event.at);
    for (const [i, at] of times.entries()) if (i > 0 && at < (times[i - 1] ?? 0)) swapped += 1;
  }
  expect(swapped).toBeGreaterThan(50);
});

test.each(PROVIDERS)('%s: tampered, stale and cut-off requests are refused; the others are not', (provider) => {
  const target = targetOf(provider);
  const { adapter, secrets } = target;
  const now = Date.now();
  const seen = new Set<string>();
  for (const delivery of faulty(provider, ALL)) {
    const request = requestFor(target, delivery, now);
    const headers = Object.fromEntries(Object.entries(request.headers).map(([name, v]) => [name.toLowerCase(), v]));
    const rightUrl = request.url.pathname === target.url.pathname;
    const verdict = adapter.verify({ headers, body: request.body, receivedAt: now }, secrets);
    const accepted = rightUrl && verdict.ok && parses(request.body);
    expect(accepted, delivery.kind).toBe(delivery.kind === 'plain' || delivery.kind === 'duplicate');
    if (delivery.kind === 'stale') expect(verdict).toMatchObject({ code: 'stale_timestamp' });
    seen.add(delivery.kind);
  }
  const stale = signsTime(adapter) ? ['stale'] : [];
  expect([...seen].toSorted()).toEqual(['duplicate', 'malformed', 'plain', ...stale, 'tamper']);
});

test('tampering changes one bit of the body and nothing else where the signature covers all of it', () => {
  const target = targetOf('quizapi');
  for (const delivery of faulty('quizapi', { tamper: 0.5 }, 'bits', 60)) {
    if (delivery.kind !== 'tamper') continue;
    const wrong = requestFor(target, delivery, 0);
    const right = requestFor(target, { kind: 'plain', event: delivery.event, fault: null }, 0);
    let bits = 0;
    for (const [i, byte] of right.body.entries()) bits += popCount(byte ^ (wrong.body[i] ?? 0));
    expect(bits).toBe(1);
    expect({ ...wrong, body: null }).toEqual({ ...right, body: null });
  }
});

test('the queue of time hands out the earliest first, equals in the order they came', () => {
  const queue = new TimeQueue<string>();
  const times = [5, 3, 9, 3, 1, 7, 3, 0, 9, 2];
  for (const [i, at] of times.entries()) queue.push(at, `${at}/${i}`);
  const out: string[] = [];
  for (let one = queue.pop(); one !== undefined; one = queue.pop()) out.push(one);
  expect(out).toEqual(['0/7', '1/4', '2/9', '3/1', '3/3', '3/6', '5/0', '7/5', '9/2', '9/8']);
});

test('quantiles are right to a percent or so', () => {
  const latencies = new Latencies();
  expect(latencies.quantile(0.5)).toBeNull();
  for (let ms = 1; ms <= 1000; ms++) latencies.add(ms);
  expect(Math.abs((latencies.quantile(0.5) ?? 0) - 500)).toBeLessThan(10);
  expect(Math.abs((latencies.quantile(0.99) ?? 0) - 990)).toBeLessThan(20);
});

function parses(body: Buffer): boolean {
  try {
    JSON.parse(body.toString());
    return true;
  } catch {
    return false;
  }
}

function popCount(byte: number): number {
  let bits = 0;
  for (let rest = byte; rest > 0; rest >>= 1) bits += rest & 1;
  return bits;
}
