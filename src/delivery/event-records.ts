/** Reads what belongs to events and is not in them, for kinds that tell more than the event (EventRecords). */
import { parsePublicId, publicId, receiptId, type Uuid } from '../core/ids.ts';
import type { EventType, JsonObject } from '../core/vocabulary.ts';
import type { Queryable } from '../db/database.ts';
import type { EventObject } from '../live/events.ts';
import type { EventRecord, EventRecords } from './kinds/kind.ts';
import { type PseudonymKey, reduce } from './personal-data.ts';
import { toldBy } from './told-by.ts';

/** Who corrects an attempt more often than this leaves parts of the oldest tellings standing; it bounds one read. */
const MOST_EARLIER = 20;

/** `keyOf`: the pseudonym key of an endpoint. */
export function eventRecords(db: Queryable, keyOf: (endpoint: Uuid) => PseudonymKey): EventRecords {
  return {
    async of(endpoint, events) {
      const { workspace } = endpoint;
      const names = await sourceNames(db, workspace, events);
      const before = await tellingsBefore(db, workspace, events);
      const earlier = before.flatMap(({ list }) => list);
      const facts = await toldBy(db, workspace, [...events, ...earlier]);
      const factOf = new Map([...events, ...earlier].map((event, i) => [event.id, facts[i] ?? null]));
      const key = endpoint.personalData === 'full' ? Buffer.alloc(0) : keyOf(endpoint.id);
      return events.map((event, i): EventRecord => {
        const list = before.find(({ n }) => n === i)?.list ?? [];
        return {
          fact: facts[i] ?? null,
          sourceName: names.get(event.source?.id ?? '') ?? null,
          earlier: list.map((told) => ({
            event: reduce({ ...event, ...told }, endpoint.personalData, key),
            fact: factOf.get(told.id) ?? null,
          })),
        };
      });
    },
  };
}

async function sourceNames(
  db: Queryable,
  workspace: number,
  events: readonly EventObject[],
): Promise<Map<string, string>> {
  const ids = new Set(events.flatMap(({ source }) => (source === null ? [] : (parsePublicId('src', source.id) ?? []))));
  if (ids.size === 0) return new Map();
  const rows = await db.query<{ id: Uuid; name: string }>(
    'SELECT id, name FROM sources WHERE workspace = $1 AND id = ANY ($2::uuid[])',
    [workspace, [...ids]],
  );
  return new Map(rows.map(({ id, name }) => [publicId('src', id), name]));
}

type Told = Pick<EventObject, 'id' | 'type' | 'attempt' | 'data' | 'receiptId'>;

/** The types that a correction can follow, by its own. */
const FOLLOWS: Partial<Record<EventType, readonly EventType[]>> = {
  'attempt.regraded': ['attempt.completed', 'attempt.regraded'],
  'attempt.revoked': ['attempt.completed', 'attempt.regraded'],
  'review.updated': ['review.created', 'review.updated'],
};

interface Correction {
  n: number;
  id: Uuid;
  learner: Uuid;
  attempt: Uuid | null;
  activity: Uuid | null;
  review: string | null;
  types: readonly EventType[];
}

/** For each correction among the events what was told before it in the feed, the newest first. */
async function tellingsBefore(
  db: Queryable,
  workspace: number,
  events: readonly EventObject[],
): Promise<{ n: number; list: Told[] }[]> {
  const corrections = events.flatMap((event, n) => correctionOf(event, n) ?? []);
  const found: { n: number; list: Told[] }[] = [];
  // One by one: corrections are rare, and each reads a short range of one learner's events.
  for (const { n, id, learner, attempt, activity, review, types } of corrections) {
    const rows = await db.query<{
      id: Uuid;
      type: EventType;
      receiptKey: Buffer | null;
      payload: { attempt?: JsonObject | null; data?: JsonObject };
    }>(
      `SELECT e.id, e.type, e.receipt_key AS "receiptKey", e.payload FROM events e
       WHERE e.workspace = $1 AND e.learner_id = $2 AND e.type = ANY ($3::text[])
         AND e.seq < (SELECT seq FROM events WHERE workspace = $1 AND learner_id = $2 AND id = $4 ORDER BY seq LIMIT 1)
         AND CASE WHEN $5::uuid IS NOT NULL THEN e.attempt_id = $5
             ELSE e.activity_id = $6 AND e.payload #>> '{data,review,id}' IS NOT DISTINCT FROM $7::text END
       ORDER BY e.seq DESC LIMIT ${MOST_EARLIER}`,
      [workspace, learner, types, id, attempt, activity, review],
    );
    const list = rows.map(({ id: told, type, receiptKey, payload }) => ({
      id: publicId('evt', told),
      type,
      attempt: payload.attempt ?? null,
      data: payload.data ?? {},
      receiptId: receiptKey === null ? null : receiptId(receiptKey),
    }));
    found.push({ n, list });
  }
  return found;
}

function correctionOf(event: EventObject, n: number): Correction | null {
  const types = FOLLOWS[event.type];
  const id = parsePublicId('evt', event.id);
  const learner = event.learner === null ? null : parsePublicId('lrn', event.learner.id);
  if (types === undefined || id === null || learner === null) return null;
  const attempt = typeof event.attempt?.id === 'string' ? parsePublicId('att', event.attempt.id) : null;
  const activity = event.activity === null ? null : parsePublicId('act', event.activity.id);
  if (event.type.startsWith('attempt.') ? attempt === null : activity === null) return null;
  const { review } = event.data;
  const reviewId = typeof review === 'object' && review !== null && !Array.isArray(review) ? review.id : null;
  return { n, id, learner, attempt, activity, review: typeof reviewId === 'string' ? reviewId : null, types };
}
