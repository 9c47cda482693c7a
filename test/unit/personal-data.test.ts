/** What of a person leaves with an event: nothing that marks them, whatever a platform told and wherever it put it. */
import fc from 'fast-check';
import { Value } from 'typebox/value';
import { describe, expect, it } from 'vitest';
import { EVENT_TYPES, type EventType, type Json, type JsonObject } from '../../src/core/vocabulary.ts';
import { pseudonymKey, reduce } from '../../src/delivery/personal-data.ts';
import { eventSchema } from '../../src/http/contracts/event.ts';
import { eventCatalogue } from '../../src/http/event-catalogue.ts';
import type { EventObject } from '../../src/live/events.ts';

const key = pseudonymKey('an encryption key that only tests know', '0198a5d0-c6e7-4b0f-8c1d-2e3f4a5b6c7d');
const otherKey = pseudonymKey('an encryption key that only tests know', '0198a5d0-c6e7-4b0f-8c1d-2e3f4a5b6c7e');
const MARK = 'MARKOFTHEPERSON';

const aboutNobody: readonly EventType[] = ['endpoint.disabled', 'source.silent', 'source.rejecting'];
const types = EVENT_TYPES.filter((type) => !aboutNobody.includes(type));

/** A text with the mark in it, as a name, an address, an id or a URL would have it. */
const marked = fc
  .tuple(fc.string({ maxLength: 8 }), fc.string({ maxLength: 8 }))
  .map(([before, after]) => `${before}${MARK}${after}`);

/** Anything a platform can tell, with the mark in texts and names of fields. */
const told: fc.Arbitrary<Json> = fc.letrec<{ json: Json }>((tie) => ({
  json: fc.oneof(
    { maxDepth: 3 },
    marked,
    fc.integer(),
    fc.constant(null),
    fc.array(tie('json'), { maxLength: 3 }),
    fc.dictionary(fc.oneof(marked, fc.constantFrom('text', 'name', 'by', 'url', 'id', 'learner')), tie('json'), {
      maxKeys: 3,
    }),
  ),
})).json;

const objectWith = (names: Record<string, fc.Arbitrary<Json>>): fc.Arbitrary<JsonObject> =>
  fc.record({ ...names, [`extra ${MARK}`]: told, notes: told, user: told }, { requiredKeys: [] });

const data = objectWith({
  platformEvent: fc.constant('quiz.completed'),
  step: objectWith({ externalId: fc.constant('s-1'), index: fc.integer() }),
  response: objectWith({ questionId: fc.constant('q-1'), text: told, correct: fc.boolean() }),
  responses: fc.array(objectWith({ questionId: fc.constant('q-1'), text: told }), { maxLength: 2 }),
  review: objectWith({ score: fc.integer(), text: told, content: told }),
  override: objectWith({ score: fc.integer(), outcome: fc.constant('passed'), reason: told }),
  certificate: objectWith({ url: marked }),
  invite: told,
  environment: told,
  custom: told,
  flag: objectWith({
    id: marked,
    rule: fc.constant('idle'),
    learner: told,
    attempt: marked,
    facts: objectWith({ days: fc.integer(), who: told }),
    acknowledged: told,
  }),
});

const event: fc.Arbitrary<EventObject> = fc.record({
  id: marked,
  type: fc.constantFrom(...types),
  occurredAt: fc.constant('2026-04-08T14:30:00.000Z'),
  receivedAt: fc.constant('2026-04-08T14:30:01.000Z'),
  source: fc.constant({ id: 'src_1', slug: 'quizapi', provider: 'quizapi' as const }),
  receiptId: fc.option(marked),
  verification: fc.constant('signature' as const),
  learner: fc.record({
    id: marked,
    name: fc.option(marked),
    email: fc.option(marked),
    identities: fc.array(fc.record({ provider: fc.constant('quizapi' as const), realm: marked, externalId: marked }), {
      maxLength: 2,
    }),
  }),
  activity: fc.constant({ id: 'act_1', externalId: 'quiz-1', title: 'Fractions', kind: 'quiz' as const }),
  attempt: fc.option(
    objectWith({
      id: marked,
      externalId: marked,
      learner: fc.constant({ id: MARK, name: MARK }),
      activity: fc.constant({ id: 'act_1', title: 'Fractions', kind: 'quiz' }),
      source: fc.constant({ id: 'src_1', slug: 'quizapi' }),
      state: fc.constant('completed'),
      score: fc.integer(),
      startedAt: fc.constant('2026-04-08T14:00:00.000Z'),
      certificate: told,
      platform: told,
    }),
  ),
  previous: fc.option(fc.record({ score: fc.integer(), percentage: fc.integer() })),
  data,
});

describe('reduced events', () => {
  it('hold no mark of the person, at either level', () => {
    fc.assert(
      fc.property(event, fc.constantFrom('pseudonym' as const, 'none' as const), (whole, level) => {
        expect(JSON.stringify(reduce(whole, level, key))).not.toContain(MARK);
      }),
      { numRuns: 500 },
    );
  });

  it('bear the same pseudonym for the same person in every event of an endpoint, and another at another', () => {
    fc.assert(
      fc.property(event, event, (first, second) => {
        const same = { ...second, learner: first.learner };
        const [one, two] = [reduce(first, 'pseudonym', key), reduce(same, 'pseudonym', key)];
        expect(one.learner?.id).toMatch(/^psn_[0-9a-f]{32}$/);
        expect(two.learner).toEqual(one.learner);
        if (one.attempt !== null) expect(one.attempt.learner).toEqual({ id: one.learner?.id, name: null });
        expect(reduce(first, 'pseudonym', otherKey).learner?.id).not.toBe(one.learner?.id);
        if (first.learner?.id !== second.learner?.id) {
          expect(reduce(second, 'pseudonym', key).learner?.id).not.toBe(one.learner?.id);
        }
        expect(reduce(first, 'none', key).learner).toBeNull();
      }),
    );
  });

  it.each(eventCatalogue())('$type: the example fits the schema of events, and keeps its figures', ({ example }) => {
    // The catalogue’s examples fit the schema; test/unit/errors and docs tests hold them to it.
    const whole = example as unknown as EventObject;
    for (const level of ['pseudonym', 'none'] as const) {
      const reduced = reduce(whole, level, key);
      expect([...Value.Errors(eventSchema, reduced)]).toEqual([]);
      expect(JSON.stringify(reduced)).not.toMatch(/Asha|asha@|lrn_|user_/);
      expect(reduced.attempt?.score).toEqual(whole.attempt?.score);
      expect(reduced.previous).toEqual(whole.previous);
      expect(reduced.activity).toEqual(whole.activity);
      expect(reduced.id === whole.id).toBe(false);
    }
    expect(reduce(whole, 'full', key)).toBe(whole);
  });

  it('keep what says how it went', () => {
    const [answered] = eventCatalogue().filter(({ type }) => type === 'question.answered');
    const reduced = reduce(answered?.example as unknown as EventObject, 'none', key);
    expect(reduced.data).toEqual({
      responses: [
        { questionId: 'q_1', selectedAnswerIds: ['a_2'], text: null, correct: true, mark: null, maxMark: null },
      ],
    });
    const [disabled] = eventCatalogue().filter(({ type }) => type === 'endpoint.disabled');
    expect(reduce(disabled?.example as unknown as EventObject, 'none', key).data).toEqual(disabled?.example.data);
  });
});
