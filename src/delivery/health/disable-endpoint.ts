/** An endpoint that cannot be sent to any more: disabled, told to the feed, to the other endpoints and to the admins. */
import { hashUuid, publicId, type Uuid } from '../../core/ids.ts';
import { fromMillis } from '../../core/time.ts';
import type { Database } from '../../db/database.ts';
import { appendEvents } from '../../live/append.ts';
import type { Mailer } from '../../mail/mailer.ts';

/**
 * Disables it with a reason for people, appends `endpoint.disabled` in the same transaction, then mails the workspace's admins
 * where mail is set. False when it was disabled before. What waits for it stays, and goes on when it is enabled again.
 */
export async function disableEndpoint(
  db: Database,
  mailer: Mailer | null,
  { workspace, id, reason, publicUrl }: { workspace: number; id: Uuid; reason: string; publicUrl: string },
): Promise<boolean> {
  const now = new Date();
  const disabled = await db.transaction(async (tx) => {
    const [row] = await tx.query<{ name: string }>(
      `UPDATE endpoints SET enabled = false, disabled_reason = $3, disabled_at = $4, version = version + 1, updated_at = now()
       WHERE workspace = $1 AND id = $2 AND enabled AND deleted_at IS NULL
       RETURNING coalesce(description, substring(url from '^[a-zA-Z]+://(?:[^/@]*@)?([^/?#]+)'), to_address, 'endpoint') AS name`,
      [workspace, id, reason, now],
    );
    if (row === undefined) return null;
    const occurredAt = fromMillis(now.getTime());
    if (occurredAt === null) throw new Error('The clock of this machine is off by decades. Set it.');
    await appendEvents(tx, workspace, [
      {
        id: hashUuid('event', String(workspace), 'endpoint.disabled', id, now.toISOString()),
        type: 'endpoint.disabled',
        occurredAt,
        receivedAt: now,
        sourceId: null,
        receiptSeq: null,
        receiptKey: null,
        verification: null,
        test: false,
        learnerId: null,
        activityId: null,
        attemptId: null,
        payload: JSON.stringify({
          attempt: null,
          previous: null,
          data: { endpointId: publicId('end', id), name: row.name, reason },
        }),
      },
    ]);
    return row;
  });
  if (disabled === null) return false;
  if (mailer === null) return true;
  const admins = await db.query<{ email: string }>(
    `SELECT u.email FROM members m JOIN auth_users u ON u.id = m.user_id
     WHERE m.workspace = $1 AND m.role = 'admin' ORDER BY u.email`,
    [workspace],
  );
  const text = [
    `Gradewire passes no more events on to “${disabled.name}”.`,
    `Why: ${reason}`,
    'What was not delivered waits. Put the receiver in order, then enable the endpoint again:',
    `${publicUrl}/endpoints/${publicId('end', id)}`,
  ].join('\n\n');
  await Promise.allSettled(
    admins.map(({ email }) => mailer.send({ to: email, subject: `Endpoint disabled: ${disabled.name}`, text })),
  );
  return true;
}
