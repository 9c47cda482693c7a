/** Reads the feed: events in their order, each the object that the contract shows, with the names as they are now. */

import { type CohortScope, memberOf } from '../cohorts/scope.ts';
import type { Uuid } from '../core/ids.ts';
import { publicId, receiptId } from '../core/ids.ts';
import type { ActivityKind, EventType, Json, JsonObject, Provider, Verification } from '../core/vocabulary.ts';
import type { Queryable } from '../db/database.ts';
import { type About, readAbout } from './about.ts';

/** An event of the contract: in lists, in streams, at endpoints. */
export interface EventObject {
  id: string;
  type: EventType;
  occurredAt: string;
  receivedAt: string;
  /** null for events that come from no source. */
  source: { id: string; slug: string | null; provider: Provider | null } | null;
  receiptId: string | null;
  verification: Verification | null;
  /** null for events about no person. Name and e-mail as they are now, so an erased person's are gone from here too. */
  learner: {
    id: string;
    name: string | null;
    email: string | null;
    identities: { provider: Provider; realm: string; externalId: string }[];
  } | null;
  activity: { id: string; externalId: string; title: string | null; kind: ActivityKind } | null;
  /** The attempt as it stood after the event. */
  attempt: JsonObject | null;
  /** On attempt.regraded: what it was. */
  previous: { score: number | null; percentage: number | null } | null;
  data: JsonObject;
}

/** An event with what readers need to sort, filter and resume. */
export interface FeedEvent {
  /** Its place: within a workspace, numbers become readable in growing order. */
  seq: number;
  /** Sent to try a source out: in no figure. */
  test: boolean;
  learnerId: Uuid | null;
  activityId: Uuid | null;
  event: EventObject;
}

export interface ReadEventsOptions {
  workspace: number;
  /** Only events after this position. */
  after: number;
  /** Only these types. */
  types?: readonly EventType[] | undefined;
  learnerId?: Uuid | undefined;
  activityId?: Uuid | undefined;
  /** Only of learners who are in these now. */
  cohorts?: CohortScope | undefined;
  /** Only the events at these places. */
  seqs?: readonly number[] | undefined;
  /** Only what this receipt meant. */
  receiptSeq?: number | undefined;
  /** The newest `limit` instead of the first ones; in the feed's order all the same. */
  newest?: boolean | undefined;
  limit: number;
}

interface EventRow {
  seq: number;
  id: Uuid;
  type: EventType;
  occurred_at: Date;
  received_at: Date;
  source_id: Uuid | null;
  receipt_key: Buffer | null;
  verification: Verification | null;
  test: boolean;
  learner_id: Uuid | null;
  attempt_id: Uuid | null;
  activity_id: Uuid | null;
  payload: { attempt?: JsonObject | null; previous?: EventObject['previous']; data?: JsonObject };
}

/**
 * Events after a position, oldest first, at most `limit`. Fewer than `limit` means that the end was reached. Two statements: the page,
 * then the people, activities and sources that it is about. Who is erased between them has no name any more.
 */
export async function readEvents(db: Queryable, options: ReadEventsOptions): Promise<FeedEvent[]> {
  const values: unknown[] = [options.workspace, options.after, options.limit];
  const conditions: string[] = [];
  // Conditions are only written when asked for, so that the planner sees which index fits.
  const narrow = (condition: (n: string) => string, value: unknown) => {
    if (value === undefined) return;
    conditions.push(` AND ${condition(`$${values.push(value)}`)}`);
  };
  narrow((n) => `type = ANY (${n}::text[])`, options.types);
  narrow((n) => `learner_id = ${n}`, options.learnerId);
  narrow((n) => `activity_id = ${n}`, options.activityId);
  narrow((n) => memberOf('learner_id', n), options.cohorts ?? undefined);
  narrow((n) => `seq = ANY (${n}::bigint[])`, options.seqs);
  narrow((n) => `receipt_seq = ${n}`, options.receiptSeq);
  const rows = await db.query<EventRow>(
    `SELECT seq, id, type, occurred_at, received_at, source_id, receipt_key, verification, test,
            learner_id, activity_id, attempt_id, payload
     FROM events
     WHERE workspace = $1 AND seq > $2${conditions.join('')}
     ORDER BY seq ${options.newest === true ? 'DESC' : 'ASC'} LIMIT $3`,
    values,
  );
  if (options.newest === true) rows.reverse();
  const about = await readAbout(db, options.workspace, rows);
  return rows.map((row) => toFeedEvent(row, about));
}

function toFeedEvent(row: EventRow, about: About): FeedEvent {
  const itsSource = row.source_id === null ? undefined : about.sources.get(row.source_id);
  const itsLearner = row.learner_id === null ? undefined : about.learners.get(row.learner_id);
  const itsActivity = row.activity_id === null ? undefined : about.activities.get(row.activity_id);
  const provider = itsSource?.provider ?? itsActivity?.provider ?? null;
  const source =
    row.source_id === null ? null : { id: publicId('src', row.source_id), slug: itsSource?.slug ?? null, provider };
  const learner =
    row.learner_id === null
      ? null
      : {
          id: publicId('lrn', row.learner_id),
          name: itsLearner?.name ?? null,
          email: itsLearner?.email ?? null,
          identities: itsLearner?.identities ?? [],
        };
  const activity =
    row.activity_id === null || itsActivity === undefined
      ? null
      : {
          id: publicId('act', row.activity_id),
          externalId: itsActivity.externalId,
          title: itsActivity.title,
          kind: itsActivity.kind,
        };
  const { attempt = null, previous = null, data = {} } = row.payload;
  return {
    seq: row.seq,
    test: row.test,
    learnerId: row.learner_id,
    activityId: row.activity_id,
    event: {
      id: publicId('evt', row.id),
      type: row.type,
      occurredAt: row.occurred_at.toISOString(),
      receivedAt: row.received_at.toISOString(),
      source,
      receiptId: row.receipt_key === null ? null : receiptId(row.receipt_key),
      verification: row.verification,
      learner,
      activity,
      attempt: attempt === null ? null : hydrateAttempt(row.attempt_id, attempt, { source, learner, activity }),
      previous,
      data: row.type === 'learner.needs_attention' ? hydrateFlag(data, { learner, activity }) : data,
    },
  };
}

/** The stored summary, with whose, of what and from where it is: those are looked up, because they may change. */
function hydrateAttempt(
  id: Uuid | null,
  attempt: JsonObject,
  about: Pick<EventObject, 'source' | 'learner' | 'activity'>,
): JsonObject {
  const { source, learner, activity } = about;
  return {
    id: id === null ? null : publicId('att', id),
    learner: learner === null ? null : { id: learner.id, name: learner.name },
    activity: activity === null ? null : { id: activity.id, title: activity.title, kind: activity.kind },
    source: source === null ? null : { id: source.id, slug: source.slug },
    provider: source?.provider ?? null,
    ...attempt,
    startedAt: shortTime(attempt.startedAt),
    completedAt: shortTime(attempt.completedAt),
  };
}

/** The flag, with whom and what it is about: those are looked up, because they may change. */
function hydrateFlag(data: JsonObject, { learner, activity }: Pick<EventObject, 'learner' | 'activity'>): JsonObject {
  const { flag } = data;
  if (typeof flag !== 'object' || flag === null || Array.isArray(flag)) return data;
  return {
    ...data,
    flag: {
      ...flag,
      learner: learner === null ? null : { id: learner.id, name: learner.name },
      activity: activity === null ? null : { id: activity.id, title: activity.title, kind: activity.kind },
    },
  };
}

/** Stored times have six digits of a second; outside, all times have three. */
function shortTime(instant: Json | undefined): string | null {
  return typeof instant === 'string' ? `${instant.slice(0, 23)}Z` : null;
}
