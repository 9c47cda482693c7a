/** Events put together from texts are the very JSON that the objects of the contract would give. */
import { expect, test } from 'vitest';
import { publicId, type Uuid } from '../../src/core/ids.ts';
import type { EventType, JsonObject } from '../../src/core/vocabulary.ts';
import { isoTime, parseTime } from '../../src/db/times.ts';
import type { About } from '../../src/live/about.ts';
import { eventJson, type StoredEvent } from '../../src/live/event-json.ts';
import { seededRandom } from '../../src/simulator/random.ts';

const EVENT = '0198a5d0-c6e7-8b0f-8c1d-000000000001';
const LEARNER = '0198a5d0-c6e7-8b0f-8c1d-000000000002';
const ACTIVITY = '0198a5d0-c6e7-8b0f-8c1d-000000000003';
const SOURCE = '0198a5d0-c6e7-8b0f-8c1d-000000000004';
const ATTEMPT = '0198a5d0-c6e7-8b0f-8c1d-000000000005';

const learner = {
  id: publicId('lrn', LEARNER),
  name: 'Zoë "the \\ Quick" O’Neil\n\u2028',
  email: 'zoe@school.example',
  identities: [{ provider: 'quizapi', realm: 'r', externalId: '"}' }],
};
const activity = { id: publicId('act', ACTIVITY), externalId: 'quiz_"1"', title: 'Fractions \u{1F34E}', kind: 'quiz' };
const source = { id: publicId('src', SOURCE), slug: 'north', provider: 'quizapi' };

/** As src/live/about.ts makes it of rows. */
const ABOUT: About = {
  learners: new Map([
    [LEARNER, { whole: JSON.stringify(learner), brief: JSON.stringify({ id: learner.id, name: learner.name }) }],
  ]),
  activities: new Map([
    [
      ACTIVITY,
      {
        provider: 'quizapi',
        whole: JSON.stringify(activity),
        brief: JSON.stringify({ id: activity.id, title: activity.title, kind: activity.kind }),
      },
    ],
  ]),
  sources: new Map([[SOURCE, { provider: 'quizapi', fields: `"id":"${source.id}","slug":"north"` }]]),
};
const NOBODY: About = { learners: new Map(), activities: new Map(), sources: new Map() };

const SUMMARY = {
  externalId: null,
  state: 'completed',
  score: 8,
  percentage: 80.5,
  timeKind: 'reported',
  startedAt: '2026-04-08T14:24:48.123456Z',
  completedAt: '2026-04-08T14:30:00.000000Z',
  verification: 'signature',
  test: false,
};

function stored(payload: object, about: Partial<StoredEvent> = {}): StoredEvent {
  return {
    id: publicId('evt', EVENT),
    type: 'attempt.completed',
    occurredAt: '2026-04-08T14:30:00.000Z',
    receivedAt: '2026-04-08T14:30:01.500Z',
    sourceId: SOURCE,
    receiptId: 'rcp_0123456789abcdef0123456789abcdef',
    verification: 'signature',
    learnerId: LEARNER,
    activityId: ACTIVITY,
    attemptId: ATTEMPT,
    payload: JSON.stringify(payload),
    ...about,
  };
}

/** The same as an object, member by member. */
function asObject(event: StoredEvent, known: boolean): JsonObject {
  const { attempt, previous, data } = JSON.parse(event.payload) as Record<string, JsonObject | null>;
  const nobody = (id: Uuid) => ({ id: publicId('lrn', id), name: null, email: null, identities: [] });
  const unknown = (id: Uuid) => ({ id: publicId('src', id), slug: null, provider: null });
  const itsLearner = event.learnerId === null ? null : known ? learner : nobody(event.learnerId);
  const itsActivity = event.activityId === null || !known ? null : activity;
  const itsSource = event.sourceId === null ? null : known ? source : unknown(event.sourceId);
  const provider = itsSource?.provider ?? (itsActivity === null ? null : 'quizapi');
  const short = (time: unknown) => (typeof time === 'string' ? `${time.slice(0, 23)}Z` : null);
  const names = {
    learner: itsLearner === null ? null : { id: itsLearner.id, name: itsLearner.name },
    activity: itsActivity === null ? null : { id: activity.id, title: activity.title, kind: activity.kind },
  };
  const flag = event.type === 'learner.needs_attention' ? (data?.flag as JsonObject | undefined) : undefined;
  return {
    id: event.id,
    type: event.type,
    occurredAt: event.occurredAt,
    receivedAt: event.receivedAt,
    source: itsSource === null ? null : { id: itsSource.id, slug: itsSource.slug, provider },
    receiptId: event.receiptId,
    verification: event.verification,
    learner: itsLearner,
    activity: itsActivity,
    attempt:
      attempt === null || attempt === undefined
        ? null
        : {
            id: event.attemptId === null ? null : publicId('att', event.attemptId),
            ...names,
            source: itsSource === null ? null : { id: itsSource.id, slug: itsSource.slug },
            provider,
            ...attempt,
            startedAt: short(attempt.startedAt),
            completedAt: short(attempt.completedAt),
          },
    previous: previous ?? null,
    data: flag === undefined ? (data ?? {}) : { ...data, flag: { ...flag, ...names } },
  } as JsonObject;
}

/** What a text looks like that is about to be mistaken for the attempt's own members. */
const TRAP = '"startedAt":null,"completedAt":null,"verification":},"previous":';
const open = { ...SUMMARY, startedAt: null, completedAt: null };

test.each<[what: string, event: StoredEvent]>([
  ['a completed attempt', stored({ attempt: SUMMARY, previous: null, data: {} })],
  ['one without times', stored({ attempt: open, previous: { score: 1, percentage: 10 }, data: {} })],
  ['one that only began', stored({ attempt: { ...SUMMARY, completedAt: null }, previous: null, data: {} })],
  ['a trap in the attempt', stored({ attempt: { ...SUMMARY, externalId: TRAP }, previous: null, data: {} })],
  ['the same names in data', stored({ attempt: open, previous: null, data: { step: SUMMARY, text: TRAP } })],
  [
    'an attempt of other members',
    stored({ attempt: { state: 'started', startedAt: SUMMARY.startedAt }, previous: null, data: { SUMMARY } }),
  ],
  ['an empty attempt', stored({ attempt: {}, previous: null, data: { ...SUMMARY } })],
  ['another order', stored({ data: { a: 1 }, attempt: SUMMARY, previous: null })],
  ['missing members', stored({ attempt: null })],
  [
    'nothing of an attempt',
    stored({ attempt: null, previous: null, data: { x: '\u0001"\\' } }, { attemptId: null, type: 'question.answered' }),
  ],
  [
    'a flag',
    stored(
      { attempt: null, previous: null, data: { flag: { rule: 'stuck', facts: { n: 1 } } } },
      { type: 'learner.needs_attention', sourceId: null, receiptId: null, verification: null },
    ),
  ],
  [
    'about nobody',
    stored(
      { attempt: null, previous: null, data: {} },
      { learnerId: null, activityId: null, sourceId: null, type: 'source.silent' },
    ),
  ],
  ['without a source', stored({ attempt: SUMMARY, previous: null, data: {} }, { sourceId: null })],
])('%s', (_, event) => {
  expect(eventJson(event, ABOUT)).toBe(JSON.stringify(asObject(event, true)));
  expect(eventJson(event, NOBODY)).toBe(JSON.stringify(asObject(event, false)));
});

test('payloads that PostgreSQL wrote anew, with blanks and in its own order, are read as well', () => {
  const payload = JSON.stringify({ data: {}, attempt: SUMMARY, previous: null }, null, 1);
  expect(JSON.parse(eventJson({ ...stored({}), payload }, ABOUT))).toEqual(asObject({ ...stored({}), payload }, true));
});

test('whatever payloads hold, the text is that of the object', () => {
  const random = seededRandom('event-json', '1');
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;
  const texts = [
    '',
    'x',
    '"',
    '\\',
    '\\"',
    '},"previous":',
    TRAP,
    '\u2028',
    '{"attempt":null,"previous":',
    'é\u{1F600}',
  ];
  // No name is a lone backslash: after such a one V8 reads names that are an escaped character as it (nodejs/node#63785).
  const names = [...texts.filter((text) => text !== '\\'), ...Object.keys(SUMMARY)];
  const value = (depth: number): unknown =>
    depth > 2 || random() < 0.5
      ? pick<unknown>([null, 0, -1.5, true, pick(texts)])
      : random() < 0.5
        ? [value(depth + 1), value(depth + 1)]
        : Object.fromEntries([pick(names), pick(names), pick(names)].map((name) => [name, value(depth + 1)]));
  const object = () => {
    const made = value(0);
    return typeof made === 'object' && made !== null && !Array.isArray(made) ? made : { text: made };
  };
  const types: EventType[] = ['attempt.completed', 'attempt.regraded', 'learner.needs_attention', 'step.completed'];
  for (let i = 0; i < 5_000; i++) {
    const attempt = pick<object | null>([null, SUMMARY, open, { ...SUMMARY, externalId: pick(texts) }, object()]);
    const event = stored(
      { attempt, previous: pick([null, { score: 1, percentage: null }]), data: object() },
      {
        type: pick(types),
        learnerId: pick([LEARNER, null]),
        activityId: pick([ACTIVITY, null]),
        sourceId: pick([SOURCE, null]),
      },
    );
    const known = random() < 0.5;
    expect(JSON.parse(eventJson(event, known ? ABOUT : NOBODY))).toEqual(asObject(event, known));
  }
});

test('times of PostgreSQL become those of the contract, whatever digits they have', () => {
  for (const [printed, iso] of [
    ['2026-04-08 14:30:00.123456+00', '2026-04-08T14:30:00.123Z'],
    ['2026-04-08 14:30:00.1+00', '2026-04-08T14:30:00.100Z'],
    ['2026-04-08 14:30:00.12+00', '2026-04-08T14:30:00.120Z'],
    ['2026-04-08 14:30:00.0019+00', '2026-04-08T14:30:00.001Z'],
    ['2026-04-08 14:30:00+00', '2026-04-08T14:30:00.000Z'],
    // Of a connection in another time zone.
    ['2026-04-08 16:30:00.5+02', '2026-04-08T14:30:00.500Z'],
  ] as const) {
    expect(isoTime(printed)).toBe(iso);
    expect(parseTime(printed).toISOString()).toBe(iso);
  }
});
