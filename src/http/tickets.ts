/**
 * Tickets open one kind of stream from a page that cannot send a header (EventSource). A ticket's life:
 *   issued → (first use within 60 s) → in use for 12 h, for the reconnects of the stream of its first use → expired
 * and it ends at once when the key that issued it is revoked or expires. Only its SHA-256 is stored.
 */
import { createHash } from 'node:crypto';
import { randomToken } from '../core/ids.ts';
import type { Database } from '../db/database.ts';
import type { Keyring, Principal, TicketPurpose } from './context.ts';
import { hashKey } from './keyring.ts';

/** A ticket in a log or a history that nobody used is worth nothing after this. */
const FIRST_USE_SECONDS = 60;
/** EventSource reconnects with the URL it was given, so the ticket must last as long as a page stays open. */
const IN_USE_SECONDS = 12 * 3600;

interface TicketRow {
  learner: string | null;
  key_id: string;
}

/** Issues a ticket; the text is given out once. Also clears tickets that are over. */
export async function issueTicket(
  db: Database,
  issuer: Principal,
  purpose: TicketPurpose,
  learner: string | null,
): Promise<{ ticket: string; expiresAt: Date }> {
  const ticket = `tkt_${randomToken(32)}`;
  const rows = await db.query<{ expires_at: Date }>(
    `WITH over AS (DELETE FROM tickets WHERE expires_at < now() - interval '1 day')
     INSERT INTO tickets (hash, workspace, purpose, learner, key_id, expires_at)
     VALUES ($1, $2, $3, $4, $5, now() + make_interval(secs => $6)) RETURNING expires_at`,
    [hashKey(ticket), issuer.workspace, purpose, learner, issuer.keyId, FIRST_USE_SECONDS],
  );
  const row = rows[0];
  if (row === undefined) throw new Error('The ticket was not stored, though the database said it was.');
  return { ticket, expiresAt: row.expires_at };
}

/**
 * Who a ticket lets in; null when it is unknown, over, for something else, in use for another stream than `url` asks for, or
 * its issuer is gone. The principal is the
 * issuer's, with `ticket.learner` as the ticket's limit.
 */
export async function redeemTicket(
  db: Database,
  keyring: Keyring,
  ticket: string,
  use: { purpose: TicketPurpose; url: string },
): Promise<Principal | null> {
  const rows = await db.query<TicketRow>(
    `UPDATE tickets SET
       expires_at = CASE WHEN first_used_at IS NULL THEN now() + make_interval(secs => $3) ELSE expires_at END,
       first_used_at = coalesce(first_used_at, now()),
       stream = coalesce(stream, $4)
     WHERE hash = $1 AND purpose = $2 AND expires_at > now() AND (stream IS NULL OR stream = $4)
     RETURNING learner, key_id`,
    [hashKey(ticket), use.purpose, IN_USE_SECONDS, streamOf(use.url)],
  );
  const row = rows[0];
  if (row === undefined) return null;
  const issuer = await keyring.principalById(row.key_id);
  return issuer === null ? null : { ...issuer, ticket: { learner: row.learner } };
}

/** Which stream a URL asks for: its path and filters, hashed, because ids of people stand in them. */
function streamOf(url: string): Buffer {
  const [path = '', query = ''] = url.split('?', 2);
  const filters = new URLSearchParams(query);
  // These differ from one connection of a stream to the next.
  for (const name of ['ticket', 'after']) filters.delete(name);
  filters.sort();
  return createHash('sha256').update(`${path}?${filters}`).digest();
}
