/**
 * Links by which a person ends the mails to their address. The token names no address: it holds the address's keyed hash,
 * signed, and never expires, because a mail is read whenever it is read.
 */
import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';
import type { Queryable } from '../../../db/database.ts';

/** Hashes addresses and signs tokens. 32 bytes. */
export type MailKey = Buffer;

const MAC_BYTES = 16;
const TOKEN_BYTES = 4 + 32 + MAC_BYTES;

export function mailKey(encryptionKey: string): MailKey {
  return Buffer.from(hkdfSync('sha256', encryptionKey, 'gradewire', 'mails to learners v1', 32));
}

/** An address as the database knows it. */
export interface HashedAddress {
  workspace: number;
  hash: Buffer;
}

export function hashAddress(key: MailKey, workspace: number, address: string): HashedAddress {
  const text = `address|${workspace}|${address.trim().toLowerCase()}`;
  return { workspace, hash: createHmac('sha256', key).update(text).digest() };
}

export function unsubscribeUrl(publicUrl: string, key: MailKey, address: HashedAddress): string {
  const named = Buffer.alloc(4 + 32);
  named.writeUInt32BE(address.workspace, 0);
  address.hash.copy(named, 4);
  const token = Buffer.concat([named, macOf(key, named)]).toString('base64url');
  return `${publicUrl.replace(/\/+$/, '')}/unsubscribe/${token}`;
}

/** Whose link it is; null when we did not make it. */
export function readUnsubscribeToken(key: MailKey, token: string): HashedAddress | null {
  const bytes = Buffer.from(token, 'base64url');
  if (bytes.length !== TOKEN_BYTES) return null;
  const named = bytes.subarray(0, TOKEN_BYTES - MAC_BYTES);
  if (!timingSafeEqual(bytes.subarray(TOKEN_BYTES - MAC_BYTES), macOf(key, named))) return null;
  return { workspace: named.readUInt32BE(0), hash: Buffer.from(named.subarray(4)) };
}

function macOf(key: MailKey, named: Uint8Array): Buffer {
  return createHmac('sha256', key).update('unsubscribe|').update(named).digest().subarray(0, MAC_BYTES);
}

/** From now on no learner is mailed at that address. Again: the same. */
export async function unsubscribe(db: Queryable, { workspace, hash }: HashedAddress): Promise<void> {
  await db.query('INSERT INTO email_unsubscribes (workspace, address_hash) VALUES ($1, $2) ON CONFLICT DO NOTHING', [
    workspace,
    hash,
  ]);
}

export async function isUnsubscribed(db: Queryable, { workspace, hash }: HashedAddress): Promise<boolean> {
  const rows = await db.query('SELECT FROM email_unsubscribes WHERE workspace = $1 AND address_hash = $2', [
    workspace,
    hash,
  ]);
  return rows.length > 0;
}
