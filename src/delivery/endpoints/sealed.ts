/**
 * What stands, sealed, in endpoints.sealed: signing secrets, each with the time at which it ends, and the secret parts of
 * `config` by their path. The row's id is the associated data, so that no row passes for another.
 */
import { randomBytes } from 'node:crypto';
import type { SecretBox } from '../../core/encryption.ts';
import { GradewireError } from '../../core/errors.ts';
import type { Uuid } from '../../core/ids.ts';
import type { Json, JsonObject } from '../../core/vocabulary.ts';

export interface SealedParts {
  /** The newest first. `expiresAt`: RFC 3339; null: the current one. */
  signing: { value: string; expiresAt: string | null }[];
  /** `auth.password` → its value. */
  config: Record<string, Json>;
}

export function sealParts(box: SecretBox, id: Uuid, parts: SealedParts): Buffer {
  return box.seal(JSON.stringify(parts), id);
}

/** Throws `internal` with a sentence and no secret when the bytes were sealed with another key or for another endpoint. */
export function openParts(box: SecretBox, id: Uuid, sealed: Uint8Array): SealedParts {
  try {
    // Only sealParts makes these bytes, and the seal proves that nobody else changed them.
    return JSON.parse(box.open(sealed, id)) as SealedParts;
  } catch (cause) {
    throw new GradewireError(
      'internal',
      'The stored secrets of an endpoint cannot be opened. Start with the GRADEWIRE_ENCRYPTION_KEY they were sealed with, or make the endpoint anew.',
      { cause },
    );
  }
}

/** A new signing secret: `whsec_` and 32 random bytes in base64, as Standard Webhooks has them. */
export function newSigningSecret(): string {
  return `whsec_${randomBytes(32).toString('base64')}`;
}

/** `config` without what stands at the secret paths, and that apart. */
export function splitConfig(
  config: JsonObject,
  secretPaths: readonly string[],
): { shown: JsonObject; secrets: Record<string, Json> } {
  const shown = structuredClone(config);
  const secrets: Record<string, Json> = {};
  for (const path of secretPaths) {
    const names = path.split('.');
    const last = names.pop() ?? '';
    const parent = names.reduce<Json | undefined>((at, name) => (isObject(at) ? at[name] : undefined), shown);
    if (!isObject(parent)) continue;
    const value = parent[last];
    if (value === undefined) continue;
    delete parent[last];
    if (value !== null) secrets[path] = value;
  }
  return { shown, secrets };
}

/** The two together again. A secret whose surroundings are gone from `shown` is left out. */
export function joinConfig(shown: JsonObject, secrets: Readonly<Record<string, Json>>): JsonObject {
  const config = structuredClone(shown);
  for (const [path, value] of Object.entries(secrets)) {
    const names = path.split('.');
    const last = names.pop() ?? '';
    const parent = names.reduce<Json | undefined>((at, name) => (isObject(at) ? at[name] : undefined), config);
    if (isObject(parent)) parent[last] = value;
  }
  return config;
}

/**
 * What a changed config keeps of the secrets it does not name: forms never get them back, so leaving one out means the same
 * as before, as long as what it belongs to is still of the same type. null takes it away.
 */
export function keptSecrets(
  before: { shown: JsonObject; secrets: Readonly<Record<string, Json>> },
  config: JsonObject,
): Record<string, Json> {
  const kept: Record<string, Json> = {};
  for (const [path, value] of Object.entries(before.secrets)) {
    const names = path.split('.');
    const last = names.pop() ?? '';
    const parentIn = (whole: JsonObject) =>
      names.reduce<Json | undefined>((at, name) => (isObject(at) ? at[name] : undefined), whole);
    const then = parentIn(before.shown);
    const now = parentIn(config);
    if (isObject(then) && isObject(now) && now[last] === undefined && then.type === now.type) kept[path] = value;
  }
  return kept;
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
