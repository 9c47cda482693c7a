/**
 * Notices: what open pages should hear of at once though it is no event of the feed, such as a flag that was resolved. They
 * have no id and are not kept: who was not listening loads the list anew, and is told to.
 */
import type { Uuid } from '../core/ids.ts';
import type { JsonObject } from '../core/vocabulary.ts';
import type { Queryable } from '../db/database.ts';

export const NOTICE_CHANNEL = 'gradewire_notices';

export interface Notice {
  /** `event:` of the message. */
  event: 'attention';
  /** Whom it is about: streams that may not see that learner do not get it. */
  learnerId: Uuid;
  activityId: Uuid | null;
  data: JsonObject;
}

/** More at once are told as one "look again": a notification takes memory of all of PostgreSQL's backends. */
const MOST_AT_ONCE = 50;

/** Tells all processes at the commit; they tell the streams that may know. */
export async function tellNotices(db: Queryable, workspace: number, notices: readonly Notice[]): Promise<void> {
  const told = notices.length > MOST_AT_ONCE ? ['null'] : notices.map((notice) => JSON.stringify(notice));
  if (told.length === 0) return;
  await db.query(`SELECT pg_notify($1, $2 || ' ' || t) FROM unnest($3::text[]) AS t`, [
    NOTICE_CHANNEL,
    String(workspace),
    told,
  ]);
}

/** The workspace and the notice in a payload; notice null: anything may have changed. */
export function parseNotice(payload: string): { workspace: number; notice: Notice | null } {
  const space = payload.indexOf(' ');
  return {
    workspace: Number(payload.slice(0, space)),
    notice: JSON.parse(payload.slice(space + 1)) as Notice | null,
  };
}

/** The message of a notice; null: look at everything again. */
export function noticeFrame(notice: Notice | null): Buffer {
  const event = notice?.event ?? 'attention';
  return Buffer.from(`event: ${event}\ndata: ${JSON.stringify(notice?.data ?? { id: null, state: 'changed' })}\n\n`);
}
