/** What the conformance suite needs to know of a platform; test/conformance/cases has one file each. */
import { readFileSync } from 'node:fs';
import type { Adapter, IncomingWebhook, SignedWebhook, SourceSecrets } from '../../src/adapters/adapter.ts';
import type { Fact, Meaning } from '../../src/core/vocabulary.ts';

/** All samples are signed for, and arrive at, this moment. */
export const NOW = Date.UTC(2026, 3, 8, 14, 30, 0);

/** One body and what it must mean. */
export interface Reading {
  name: string;
  body: unknown;
  eventName?: string | null;
  /** Parts that each fact must show, in order; or the status and a word of the sentence. */
  means: readonly PartialFact[] | { status: Exclude<Meaning['status'], 'facts'>; says?: RegExp };
}

/** Parts of a fact, as vitest's toMatchObject takes them. */
export type PartialFact = { [K in keyof Fact]?: unknown };

export interface PlatformCase {
  adapter: Adapter;
  secrets: SourceSecrets;
  /** Secrets of someone else. */
  wrong: SourceSecrets;
  /** Headers that carry the proof: each must be there, unchanged. */
  proof: readonly string[];
  /** The proof taken away; null where there is none to take. */
  without: ((request: IncomingWebhook) => IncomingWebhook) | null;
  /** Broken proofs, by name. */
  malformed: Readonly<Record<string, (request: IncomingWebhook) => IncomingWebhook>>;
  /** How much of the body the proof covers; for `some`, what must stay the same for a changed body to pass. */
  covers: 'all' | 'none' | ((body: unknown) => unknown);
  /** Refused more than five minutes off. */
  stale: boolean;
  codes: { wrong: string; missing: string };
  readings: readonly Reading[];
}

/** The text of test/fixtures/<path>. */
export function fixtureText(path: string): string {
  return readFileSync(new URL(`../fixtures/${path}`, import.meta.url), 'utf8');
}

/** A sample as the JSON object it is. */
export function fixture(path: string): Record<string, unknown> {
  return JSON.parse(fixtureText(path)) as Record<string, unknown>;
}

/** `changes` laid over `base`, objects merged key by key. */
export function laidOver(base: Record<string, unknown>, changes: Record<string, unknown>): Record<string, unknown> {
  const merged: Record<string, unknown> = { ...base };
  for (const [key, value] of Object.entries(changes)) {
    const below = merged[key];
    merged[key] = isObject(below) && isObject(value) ? laidOver(below, value) : value;
  }
  return merged;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function asRequest(signed: SignedWebhook, receivedAt: number = NOW): IncomingWebhook {
  return { headers: signed.headers, body: signed.body, receivedAt };
}

export function withHeader(request: IncomingWebhook, name: string, value: string | undefined): IncomingWebhook {
  return { ...request, headers: { ...request.headers, [name]: value } };
}

/** Numbers 0 ≤ x < 1 that are the same in every run. */
function seeded(seed = 7): () => number {
  let x = seed;
  return () => {
    x = (x * 48_271) % 2_147_483_647;
    return x / 2_147_483_647;
  };
}

export function exampleOf(adapter: Adapter, event: string): Record<string, unknown> {
  return adapter.example({
    event,
    learner: { externalId: '4711', name: 'Ada Byron', email: 'ada@example.com' },
    activity: { externalId: '27', title: 'Sums and “fractions”' },
    attemptId: '130',
    startedAt: NOW - 245_000,
    at: NOW,
    ability: 0.7,
    random: seeded(),
    index: 1,
    total: 5,
  });
}

/** An example of the platform's first event, signed. */
export function signedExample(platform: PlatformCase, event = platform.adapter.events[0] ?? ''): SignedWebhook {
  const body = exampleOf(platform.adapter, event);
  return platform.adapter.sign(body, platform.secrets, { id: 'msg_1', at: NOW, event });
}

/** `?event=` of what was signed. */
export function eventNameOf(signed: SignedWebhook): string | null {
  return new URLSearchParams(signed.query).get('event');
}
