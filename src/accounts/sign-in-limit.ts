/**
 * Failed sign-ins, counted by e-mail address and by the network address they come from, so that passwords cannot be guessed by
 * trying. A good sign-in clears the address's count.
 */
import { createHash } from 'node:crypto';
import { BlockList, isIP } from 'node:net';
import { GradewireError } from '../core/errors.ts';
import type { Queryable } from '../db/database.ts';
import { normalEmail } from './member.ts';

/** More than a person who looks for the right one of her passwords needs. */
const TRIES_PER_ACCOUNT = 10;
/** A school behind one address signs in on a Monday morning; its slips must not lock it out. */
const TRIES_PER_ADDRESS = 100;
const WINDOW_SECONDS = 600;

/** Who tries, as keys of the count. */
export interface Tries {
  email: string;
  ip: string;
}

/**
 * Takes one of the tries that are left; refuses (429) when there is none. Taken before the password is looked at, so that a
 * hundred guesses at once are not more than ten. `giveBack` when it was no wrong password. Also clears counts that are over.
 */
export async function takeTry(db: Queryable, tries: Tries): Promise<void> {
  const limits = limitsOf(tries);
  const rows = await db.query<{ key: Buffer; failures: number; left: number }>(
    `WITH over AS (
       DELETE FROM sign_in_failures
       WHERE since < now() - make_interval(secs => $2) AND NOT key = ANY($1::bytea[])
     )
     INSERT INTO sign_in_failures AS f (key, failures, since) SELECT key, 1, now() FROM unnest($1::bytea[]) AS key
     ON CONFLICT (key) DO UPDATE SET
       failures = CASE WHEN f.since > now() - make_interval(secs => $2) THEN f.failures + 1 ELSE 1 END,
       since = CASE WHEN f.since > now() - make_interval(secs => $2) THEN f.since ELSE now() END
     RETURNING key, failures, extract(epoch FROM since + make_interval(secs => $2) - now())::float8 AS left`,
    // In the order of the keys: two who try at once must not lock each other.
    [limits.map(({ key }) => key).sort(Buffer.compare), WINDOW_SECONDS],
  );
  const over = rows.find((row) => limits.some(({ key, max }) => row.key.equals(key) && row.failures > max));
  if (over === undefined) return;
  throw new GradewireError('rate_limited', 'Too many sign-ins failed. Wait some minutes, then try again.', {
    retryAfter: over.left,
  });
}

/** Gives the try back; with `right`, the password was the right one and the address's count begins anew. */
export async function giveBack(db: Queryable, tries: Tries, right: boolean): Promise<void> {
  const keys = limitsOf(tries).map(({ key }) => key);
  await db.query('UPDATE sign_in_failures SET failures = failures - 1 WHERE key = ANY($1::bytea[]) AND failures > 0', [
    right ? keys.slice(1) : keys,
  ]);
  if (right) await db.query('DELETE FROM sign_in_failures WHERE key = $1', [keys[0]]);
}

function limitsOf({ email, ip }: Tries): { key: Buffer; max: number }[] {
  const limits = [{ key: keyOf('email', normalEmail(email)), max: TRIES_PER_ACCOUNT }];
  if (isPublic(ip)) limits.push({ key: keyOf('ip', ip), max: TRIES_PER_ADDRESS });
  return limits;
}

function keyOf(kind: string, value: string): Buffer {
  return createHash('sha256').update(`${kind}:${value}`).digest();
}

const near = new BlockList();
for (const [network, prefix] of [
  ['127.0.0.0', 8],
  ['10.0.0.0', 8],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
  ['100.64.0.0', 10],
  ['169.254.0.0', 16],
] as const)
  near.addSubnet(network, prefix, 'ipv4');
for (const [network, prefix] of [
  ['::1', 128],
  ['fc00::', 7],
  ['fe80::', 10],
] as const)
  near.addSubnet(network, prefix, 'ipv6');

/** An address nearby is most likely a proxy, which stands for everybody: nobody must be able to lock everybody out. */
function isPublic(ip: string): boolean {
  const plain = ip.startsWith('::ffff:') ? ip.slice(7) : ip;
  const version = isIP(plain);
  return version !== 0 && !near.check(plain, version === 4 ? 'ipv4' : 'ipv6');
}
