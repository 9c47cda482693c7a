/**
 * What the sender's thread and its desk's thread say to each other. Lists of columns: a row that crosses as an object of its own takes
 * its names with it, each time.
 */
import { EventText } from '../../live/events.ts';
import type { ClaimGroup, Room } from '../queue/claim.ts';
import type { Result } from '../queue/results.ts';
import type { Written } from './desk.ts';
import type { Wanted } from './prepare.ts';

export type Question =
  | { ask: 'claim'; claim: number; room: Room }
  | { ask: 'events'; rows: Columns<Wanted> }
  | { ask: 'write'; results: Columns<Result> };

/** What each is answered with. */
export interface Answers {
  claim: ClaimGroup[];
  events: PackedEvents;
  write: Written;
}

/** `n` counts the questions; an answer bears its question's. */
export type Asked = Question & { n: number };

export type Answered =
  | { n: number; answer: Answers[Question['ask']] }
  /** `away`: the database is, and it may be asked again. */
  | { n: number; error: { message: string; stack: string | undefined; away: boolean } };

export type Columns<Row> = { [Name in keyof Row]: Row[Name][] };

export function packWanted(rows: readonly Wanted[]): Columns<Wanted> {
  return {
    workspace: rows.map(({ workspace }) => workspace),
    // Only a test's event is found by it.
    deliveryId: rows.map(({ deliveryId, eventSeq }) => (eventSeq === null ? deliveryId : '')),
    eventSeq: rows.map(({ eventSeq }) => eventSeq),
  };
}

export function unpackWanted(columns: Columns<Wanted>): Wanted[] {
  return rowsOf(columns, columns.workspace.length);
}

export function packResults(results: readonly Result[]): Columns<Result> {
  const of = <Name extends keyof Result>(name: Name): Result[Name][] => results.map((result) => result[name]);
  return {
    workspace: of('workspace'),
    deliveryId: of('deliveryId'),
    endpointId: of('endpointId'),
    claim: of('claim'),
    failing: of('failing'),
    end: of('end'),
    at: of('at'),
    statusCode: of('statusCode'),
    durationMs: of('durationMs'),
    error: of('error'),
    requestHeaders: of('requestHeaders'),
    responseBody: of('responseBody'),
    untried: of('untried'),
  };
}

export function unpackResults(columns: Columns<Result>): Result[] {
  return rowsOf(columns, columns.workspace.length);
}

function rowsOf<Row>(columns: Columns<Row>, count: number): Row[] {
  const names = Object.keys(columns) as (keyof Row)[];
  return Array.from({ length: count }, (_, i) => {
    const row: Partial<Row> = {};
    for (const name of names) row[name] = columns[name][i] as Row[typeof name];
    return row as Row;
  });
}

export interface PackedEvents {
  /** Texts, in each of which several events stand. */
  pages: string[];
  /** Of the events that are there: whose they are, by the number of the row, and where they stand. */
  row: number[];
  page: number[];
  from: number[];
  to: number[];
}

export function packEvents(events: readonly (EventText | null)[]): PackedEvents {
  const packed: PackedEvents = { pages: [], row: [], page: [], from: [], to: [] };
  const { pages } = packed;
  for (const [row, event] of events.entries()) {
    if (event === null) continue;
    // Nearly always that of the event before.
    let page = pages.lastIndexOf(event.page);
    if (page < 0) page = pages.push(event.page) - 1;
    packed.row.push(row);
    packed.page.push(page);
    packed.from.push(event.from);
    packed.to.push(event.to);
  }
  return packed;
}

/** Of `count` rows. */
export function unpackEvents(packed: PackedEvents, count: number): (EventText | null)[] {
  const events = new Array<EventText | null>(count).fill(null);
  for (const [i, row] of packed.row.entries()) {
    const page = packed.pages[packed.page[i] ?? -1];
    const from = packed.from[i];
    const to = packed.to[i];
    if (page === undefined || from === undefined || to === undefined)
      throw new Error('An event came without all its columns.');
    events[row] = new EventText(page, from, to);
  }
  return events;
}
