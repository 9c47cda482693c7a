/** Bodies that an adapter reads, and their places: what the property tests start from. */
import type { Adapter } from '../../src/adapters/adapter.ts';
import { exampleOf, NOW, type PlatformCase } from './platform-case.ts';

/** Every header that any adapter reads. */
export const HEADERS = [
  'x-quizapi-signature',
  'authorization',
  'svix-id',
  'svix-timestamp',
  'svix-signature',
  'webhook-id',
  'webhook-timestamp',
  'webhook-signature',
  'content-type',
];

interface Sample {
  event: string;
  body: Record<string, unknown>;
}

/** Every example the adapter makes and every sample that it reads as facts. */
export function bodiesOf(platform: PlatformCase): Sample[] {
  const examples = platform.adapter.events.map((event) => ({
    event,
    body: parsed(signedBody(platform.adapter, platform, event)),
  }));
  const samples = platform.readings
    .filter((reading) => Array.isArray(reading.means) && isObject(reading.body))
    .slice(0, 4)
    .map((reading) => ({ event: reading.eventName ?? '', body: parsed(JSON.stringify(reading.body)) }));
  return [...examples, ...samples];
}

function signedBody(adapter: Adapter, platform: PlatformCase, event: string): string {
  return adapter.sign(exampleOf(adapter, event), platform.secrets, { id: 'msg_1', at: NOW, event }).body.toString();
}

function parsed(text: string): Record<string, unknown> {
  return JSON.parse(text) as Record<string, unknown>;
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function isContainer(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

/** The paths of all members, outer ones too. */
export function pathsOf(body: Record<string, unknown>, before: readonly string[] = []): string[][] {
  return Object.entries(body).flatMap(([key, value]) => {
    const path = [...before, key];
    return [path, ...(isContainer(value) ? pathsOf(value, path) : [])];
  });
}

export function put(body: Record<string, unknown>, path: readonly string[], value: unknown): void {
  let at: Record<string, unknown> = body;
  for (const key of path.slice(0, -1)) {
    const below = at[key];
    if (!isContainer(below)) return;
    at = below;
  }
  const last = path.at(-1);
  if (last !== undefined) at[last] = value;
}
