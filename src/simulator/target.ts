/** Where a platform posts to, and the request it makes of a webhook there: signed by the adapter, with faults done to it. */
import type { Adapter, SourceSecrets } from '../adapters/adapter.ts';
import type { Delivery } from './faults.ts';
import { type Random, seededRandom } from './random.ts';

export interface Target {
  adapter: Adapter;
  /** The whole ingest URL, the token included. */
  url: URL;
  secrets: SourceSecrets;
  /** The page the learner's browser is on, for platforms that post from there; else null. */
  origin: string | null;
}

/** A request ready to be sent. */
export interface OutgoingRequest {
  url: URL;
  headers: Record<string, string>;
  body: Buffer;
}

/** Older than the five minutes that receivers of signed timestamps allow. */
const STALE_BY_MS = 10 * 60_000;

/** Whether the platform signs the time of sending (Svix and its kin), so that an old signature must be refused. */
export function signsTime(adapter: Adapter): boolean {
  switch (adapter.provider) {
    case 'instruqt':
    case 'standard':
      return true;
    case 'quizapi':
    case 'testpress':
    case 'synap':
    case 'easygenerator':
      return false;
    default:
      return adapter.provider satisfies never;
  }
}

/** Whether each try is signed anew: Svix keeps the id and renews the time; the others send the same bytes again. */
export function signsEachTry(adapter: Adapter): boolean {
  return signsTime(adapter);
}

/** The request as the platform makes it at `now` (milliseconds since 1970). */
export function requestFor(target: Target, delivery: Delivery, now: number): OutgoingRequest {
  const { adapter } = target;
  const { event } = delivery;
  const at = delivery.kind === 'stale' ? now - STALE_BY_MS : now;
  const signed = adapter.sign(event.body, target.secrets, { id: event.messageId, at, event: event.event });
  const url = new URL(target.url);
  for (const [name, value] of new URLSearchParams(signed.query)) url.searchParams.set(name, value);
  const request: OutgoingRequest = {
    url,
    headers: {
      'content-type': 'application/json',
      'user-agent': 'Gradewire-Simulator',
      ...signed.headers,
      ...(target.origin === null ? {} : { origin: target.origin }),
    },
    body: signed.body,
  };
  switch (delivery.kind) {
    case 'plain':
    case 'duplicate':
    case 'stale':
      return request;
    case 'malformed':
      return { ...request, body: request.body.subarray(0, Math.floor(request.body.byteLength * 0.6)) };
    case 'tamper':
      return tampered(target, request, seededRandom('tamper', event.messageId));
    default:
      return delivery satisfies never;
  }
}

/**
 * One bit of the body flipped, where the signature covers all of it. Testpress' hash covers a few fields only, so there the
 * bit is one of the hash; platforms that sign nothing have only their credential to get wrong.
 */
function tampered(target: Target, request: OutgoingRequest, random: Random): OutgoingRequest {
  const { adapter } = target;
  if (adapter.provider === 'testpress') {
    return { ...request, body: flippedInHash(request.body, random) };
  }
  const authorization = Object.keys(request.headers).find((name) => name.toLowerCase() === 'authorization');
  if (authorization !== undefined) {
    const wrong = `Basic ${Buffer.from('someone:guessing').toString('base64')}`;
    return { ...request, headers: { ...request.headers, [authorization]: wrong } };
  }
  if (adapter.needs.urlToken) {
    const url = new URL(request.url);
    const last = url.pathname.slice(-1);
    url.pathname = `${url.pathname.slice(0, -1)}${last === 'A' ? 'B' : 'A'}`;
    return { ...request, url };
  }
  return { ...request, body: flipped(request.body, Math.floor(random() * request.body.byteLength), random) };
}

function flippedInHash(body: Buffer, random: Random): Buffer {
  const start = body.indexOf('"hash":');
  const value = body.indexOf('"', start + '"hash":'.length) + 1;
  return flipped(body, value + Math.floor(random() * 64), random, 4);
}

/** A copy of the bytes with one bit of the byte at `index` flipped, one of the lowest `bits`. */
function flipped(bytes: Buffer, index: number, random: Random, bits = 8): Buffer {
  const copy = Buffer.from(bytes);
  copy[index] = (copy[index] ?? 0) ^ (1 << Math.floor(random() * bits));
  return copy;
}
