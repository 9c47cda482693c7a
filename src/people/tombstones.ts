/**
 * Hashes of erased persons, which keep retries, imports, replays and rebuilds from bringing them back. Keyed (HMAC-SHA256 under
 * a key derived from GRADEWIRE_ENCRYPTION_KEY): a plain hash of an e-mail is found by trying addresses.
 */
import { createHmac, hkdfSync } from 'node:crypto';
import type { Uuid } from '../core/ids.ts';
import type { Queryable } from '../db/database.ts';

/** What a person is known by: an identity at a platform, or an e-mail address. */
export type PersonMark =
  | { kind: 'identity'; provider: string; realm: string; externalId: string }
  | { kind: 'email'; email: string }
  /** An attempt that a platform names, for webhooks that say only which attempt they are about. */
  | { kind: 'attempt'; id: Uuid };

export interface Tombstones {
  /** The hash under which an erased person's mark is kept. */
  hashOf(workspace: number, mark: PersonMark): Buffer;
  /**
   * Which of the marks belong to somebody who was erased, in their order. An e-mail alone does not make two learners one
   * person, so a caller asks by e-mail only for people it does not know yet.
   */
  isErased(db: Queryable, workspace: number, marks: readonly PersonMark[]): Promise<boolean[]>;
}

/** The tombstones of the instance with this encryption key. */
export function tombstones(encryptionKey: string): Tombstones {
  return tombstonesUnder(tombstoneKey(encryptionKey));
}

/** The key of the hashes, for a thread that must not know the encryption key. */
export function tombstoneKey(encryptionKey: string): Uint8Array {
  return new Uint8Array(hkdfSync('sha256', encryptionKey, 'gradewire', 'erased people v1', 32));
}

export function tombstonesUnder(key: Uint8Array): Tombstones {
  const hashOf = (workspace: number, mark: PersonMark): Buffer => {
    const hmac = createHmac('sha256', key);
    return hmac.update(JSON.stringify([workspace, mark.kind, ...partsOf(mark)])).digest();
  };
  return {
    hashOf,
    async isErased(db, workspace, marks) {
      if (marks.length === 0) return [];
      const hashes = marks.map((mark) => hashOf(workspace, mark));
      const rows = await db.query<{ hash: Buffer }>(
        'SELECT hash FROM erased_people WHERE workspace = $1 AND hash = ANY ($2::bytea[])',
        [workspace, hashes],
      );
      const erased = new Set(rows.map((row) => row.hash.toString('hex')));
      return hashes.map((hash) => erased.has(hash.toString('hex')));
    },
  };
}

function partsOf(mark: PersonMark): string[] {
  switch (mark.kind) {
    case 'identity':
      return [mark.provider, mark.realm, mark.externalId];
    case 'email':
      return [mark.email.trim().toLowerCase()];
    case 'attempt':
      return [mark.id];
    default:
      return mark satisfies never;
  }
}

/** Puts up the tombstones of a person. Returns how many. */
export async function putUp(
  tx: Queryable,
  workspace: number,
  learnerId: Uuid,
  marks: readonly { kind: PersonMark['kind']; hash: Buffer }[],
): Promise<number> {
  const rows = await tx.query(
    `INSERT INTO erased_people (workspace, hash, kind, learner_id)
     SELECT DISTINCT ON (m.hash) $1::int, m.hash, m.kind, $2::uuid FROM unnest($3::bytea[], $4::text[]) AS m (hash, kind)
     ON CONFLICT (workspace, hash) DO UPDATE SET at = now() RETURNING 1`,
    [workspace, learnerId, marks.map((mark) => mark.hash), marks.map((mark) => mark.kind)],
  );
  return rows.length;
}
