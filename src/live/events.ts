/** Reads the feed: events in their order, each the object that the contract shows, with the names as they are now. */

import { type CohortScope, memberOf } from '../cohorts/scope.ts';
import type { Uuid } from '../core/ids.ts';
import { publicId, receiptId } from '../core/ids.ts';
import type { ActivityKind, EventType, JsonObject, Provider, Verification } from '../core/vocabulary.ts';
import type { Queryable } from '../db/database.ts';
import { isoTime } from '../db/times.ts';
import { type About, readAbout } from './about.ts';
import { eventJson, type StoredEvent } from './event-json.ts';

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

/** How the JSON of every event begins: three of its fields, in this order, none of which holds a quote. */
const ID = '{"id":"';
const TYPE = '","type":"';
const OCCURRED_AT = '","occurredAt":"';

/** An event as it goes out, and what it says. Nothing but its place in a text: thousands wait to be sent on. */
export class EventText {
  /** Its JSON stands in `page` at `from`, up to `to`. */
  readonly page: string;
  readonly from: number;
  readonly to: number;
  #event: EventObject | null = null;

  constructor(page: string, from: number, to: number) {
    this.page = page;
    this.from = from;
    this.to = to;
  }

  /** Of an event that lies in no feed, or is not told whole. */
  static of(event: EventObject): EventText {
    const { id, type, occurredAt, ...rest } = event;
    const json = JSON.stringify({ id, type, occurredAt, ...rest });
    return new EventText(json, 0, json.length);
  }

  /** Public. */
  get id(): string {
    return this.#upToQuote(this.from + ID.length);
  }

  get type(): EventType {
    return this.#upToQuote(this.#typeAt()) as EventType;
  }

  get occurredAt(): string {
    return this.#upToQuote(this.page.indexOf('"', this.#typeAt()) + OCCURRED_AT.length);
  }

  #typeAt(): number {
    return this.page.indexOf('"', this.from + ID.length) + TYPE.length;
  }

  #upToQuote(from: number): string {
    return this.page.slice(from, this.page.indexOf('"', from));
  }

  /** JSON text of `event`. */
  get json(): string {
    return this.page.slice(this.from, this.to);
  }

  /** Read when somebody looks inside: most events are only passed on. */
  get event(): EventObject {
    this.#event ??= JSON.parse(this.json) as EventObject;
    return this.#event;
  }
}

/** What readers need of an event to sort, filter and resume. */
interface Place {
  /** Within a workspace, numbers become readable in growing order. */
  seq: number;
  /** Sent to try a source out: in no figure. */
  test: boolean;
  learnerId: Uuid | null;
  activityId: Uuid | null;
}

/** An event with its place in the feed. */
export class FeedEvent extends EventText implements Place {
  readonly seq: number;
  readonly test: boolean;
  readonly learnerId: Uuid | null;
  readonly activityId: Uuid | null;

  constructor(place: Place, ...text: ConstructorParameters<typeof EventText>) {
    super(...text);
    this.seq = place.seq;
    this.test = place.test;
    this.learnerId = place.learnerId;
    this.activityId = place.activityId;
  }
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
  /** As text, because they go out as text. */
  occurred_at: string;
  received_at: string;
  source_id: Uuid | null;
  /** The hexadecimal digits of its key that its public id has. */
  receipt: string | null;
  verification: Verification | null;
  test: boolean;
  learner_id: Uuid | null;
  attempt_id: Uuid | null;
  activity_id: Uuid | null;
  payload: string;
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
    `SELECT seq, id, type, occurred_at::text, received_at::text, source_id,
            encode(substr(receipt_key, 1, 16), 'hex') AS receipt, verification, test,
            learner_id, activity_id, attempt_id, payload::text
     FROM events
     WHERE workspace = $1 AND seq > $2${conditions.join('')}
     ORDER BY seq ${options.newest === true ? 'DESC' : 'ASC'} LIMIT $3`,
    values,
  );
  if (options.newest === true) rows.reverse();
  return toFeedEvents(rows, await readAbout(db, options.workspace, rows));
}

/**
 * Several stand in one text each: what waits to be sent on would otherwise be thousands of small pieces, which the garbage collector
 * copies from place to place until they are gone. Texts of hundreds of events it would not collect with the young
 * (docs/performance.md, "Deliveries").
 */
const IN_A_TEXT = 16;

function toFeedEvents(rows: readonly EventRow[], about: About): FeedEvent[] {
  const events: FeedEvent[] = [];
  for (let first = 0; first < rows.length; first += IN_A_TEXT) {
    const stored = rows.slice(first, first + IN_A_TEXT).map(toStored);
    const texts = stored.map((event) => eventJson(event, about));
    const page = texts.join('');
    let from = 0;
    for (const [i, event] of stored.entries()) {
      const to = from + (texts[i]?.length ?? 0);
      events.push(new FeedEvent(event, page, from, to));
      from = to;
    }
  }
  return events;
}

function toStored(row: EventRow): StoredEvent & Place {
  return {
    seq: row.seq,
    test: row.test,
    id: publicId('evt', row.id),
    type: row.type,
    occurredAt: isoTime(row.occurred_at),
    receivedAt: isoTime(row.received_at),
    sourceId: row.source_id,
    receiptId: row.receipt === null ? null : receiptId(row.receipt),
    verification: row.verification,
    learnerId: row.learner_id,
    activityId: row.activity_id,
    attemptId: row.attempt_id,
    payload: row.payload,
  };
}
