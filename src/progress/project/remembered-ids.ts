/** Ids of people and activities that were hashed lately: the same few come again in batch after batch. */
import { hashUuid, type Uuid } from '../../core/ids.ts';

/** Two generations of so many: about 1 MB. */
const MOST = 4096;
let young = new Map<string, Uuid>();
let old = new Map<string, Uuid>();

/** `hashUuid` of the same parts; a SHA-256 and its call cost some 4 µs, looking it up a tenth. */
export function rememberedUuid(
  what: 'learner' | 'activity',
  workspace: number,
  provider: string,
  realm: string,
  externalId: string,
): Uuid {
  // The external id is the last and may hold anything; lengths keep the realm from running into it.
  const key = `${what}|${workspace}|${provider}|${realm.length}|${realm}${externalId}`;
  let id = young.get(key);
  if (id !== undefined) return id;
  id = old.get(key) ?? hashUuid(what, String(workspace), provider, realm, externalId);
  if (young.size >= MOST) {
    old = young;
    young = new Map();
  }
  young.set(key, id);
  return id;
}
