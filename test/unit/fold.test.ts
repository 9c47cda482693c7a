/** The fold, fact by fact: attempts cut from facts, grades and their history, steps. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Instant, parseInstant } from '../../src/core/time.ts';
import { type Fact, type FactType, fact, NO_FIGURES } from '../../src/core/vocabulary.ts';
import { type AttemptGroup, applyFact } from '../../src/progress/fold/apply-fact.ts';
import { type Change, foldOf } from '../../src/progress/fold/attempt-record.ts';

const LEARNER = '00000000-0000-8000-8000-000000000001';
const ACTIVITY = '00000000-0000-8000-8000-000000000002';
const NAMED = '00000000-0000-8000-8000-000000000003';

function at(minute: number): Instant {
  const instant = parseInstant(new Date(Date.UTC(2026, 3, 8, 14, minute)).toISOString());
  if (instant === null) throw new Error('not a time');
  return instant;
}

function cutGroup(): AttemptGroup {
  return { namedId: null, records: [] };
}

function apply(group: AttemptGroup, facts: readonly Fact[], from = 1): Change[] {
  return facts.flatMap((one, i) =>
    applyFact(group, {
      fact: one,
      evidence: { seq: from + i, receipt: (from + i).toString(16).padStart(32, '0'), verification: 'signature' },
      workspace: 1,
      sourceId: LEARNER,
      provider: 'quizapi',
      learnerId: LEARNER,
      activityId: ACTIVITY,
    }),
  );
}

/** A QuizAPI fact: `event|minute|variant`, the variant for what else is in its key (a question). */
function quiz(type: FactType, minute: number, variant = ''): Fact {
  return fact({
    key: `${type}|${minute}|${variant}`,
    type,
    at: at(minute),
    attempt: { by: 'derived' },
    ...(type === 'attempt.completed'
      ? { figures: { ...NO_FIGURES, score: minute, maxScore: 100, percentage: minute } }
      : {}),
    ...(type === 'question.answered'
      ? {
          responses: [
            {
              questionId: `q${variant}`,
              selectedAnswerIds: ['a'],
              text: null,
              correct: minute % 2 === 0,
              mark: null,
              maxMark: null,
            },
          ],
        }
      : {}),
  });
}

function shown(group: AttemptGroup) {
  return group.records
    .filter((record) => record.facts.length > 0)
    .map((record) => {
      const { state, startedAt, endedAt, answers, figures } = foldOf(record);
      const facts = record.facts.map((f) => `${f.t}@${f.at}`).sort();
      return { state, startedAt, endedAt, answers, score: figures.score, facts, responses: record.responses };
    })
    .sort((a, b) => (JSON.stringify(a.facts) < JSON.stringify(b.facts) ? -1 : 1));
}

describe('attempts cut from facts', () => {
  it('closes what is open as abandoned when a second start comes', () => {
    const group = cutGroup();
    const changes = apply(group, [
      quiz('attempt.started', 0),
      quiz('attempt.started', 5),
      quiz('attempt.completed', 9),
    ]);
    expect(group.records.map((r) => [foldOf(r).state, foldOf(r).endedAt])).toEqual([
      ['abandoned', at(5)],
      ['completed', at(9)],
    ]);
    expect(changes.map((c) => c.type).sort()).toEqual(
      ['attempt.abandoned', 'attempt.completed', 'attempt.started', 'attempt.started'].sort(),
    );
  });

  it('makes a completion without a start an attempt of its own, and keeps its id when the start comes late', () => {
    const group = cutGroup();
    apply(group, [quiz('attempt.completed', 9)]);
    const id = group.records[0]?.id;
    expect(foldOf(group.records[0] ?? never()).startedAt).toBeNull();
    apply(group, [quiz('attempt.started', 2)], 2);
    expect(group.records.map((r) => r.id)).toEqual([id]);
    expect(foldOf(group.records[0] ?? never())).toMatchObject({
      state: 'completed',
      startedAt: at(2),
      timeKind: 'wall_clock',
    });
  });

  it('never pulls a completed attempt back', () => {
    const group = cutGroup();
    apply(group, [quiz('attempt.completed', 9), quiz('attempt.abandoned', 9), quiz('attempt.started', 2)]);
    expect(group.records.map((r) => foldOf(r).state)).toEqual(['completed']);
  });

  it('takes an abandonment after the completion as nothing new (the tab was closed later)', () => {
    const group = cutGroup();
    apply(group, [quiz('attempt.started', 0), quiz('attempt.completed', 10), quiz('attempt.abandoned', 11)]);
    expect(group.records.map((r) => foldOf(r).state)).toEqual(['completed']);
  });

  it('ends one attempt before it starts the next when a platform rounds both to one instant', () => {
    const group = cutGroup();
    apply(group, [
      quiz('attempt.started', 0),
      quiz('attempt.started', 10),
      quiz('attempt.abandoned', 10),
      quiz('attempt.completed', 20),
    ]);
    expect(group.records.map((r) => [foldOf(r).state, foldOf(r).startedAt])).toEqual([
      ['abandoned', at(0)],
      ['completed', at(10)],
    ]);
  });

  it('is the same in any order of arrival', () => {
    const types: FactType[] = [
      'attempt.started',
      'attempt.submitted',
      'attempt.completed',
      'attempt.abandoned',
      'question.answered',
    ];
    const one = fc.tuple(fc.constantFrom(...types), fc.integer({ min: 0, max: 8 }), fc.constantFrom('1', '2'));
    fc.assert(
      fc.property(
        fc
          .array(one, { minLength: 1, maxLength: 12 })
          .chain((f) => fc.tuple(fc.constant(f), fc.shuffledSubarray(f, { minLength: f.length }))),
        ([facts, shuffled]) => {
          const inOrder = cutGroup();
          const anyOrder = cutGroup();
          apply(
            inOrder,
            facts.map(([type, minute, variant]) => quiz(type, minute, type === 'question.answered' ? variant : '')),
          );
          apply(
            anyOrder,
            shuffled.map(([type, minute, variant]) => quiz(type, minute, type === 'question.answered' ? variant : '')),
          );
          const ignoringReceipts = (g: AttemptGroup) => shown(g);
          expect(ignoringReceipts(anyOrder)).toEqual(ignoringReceipts(inOrder));
          const ids = anyOrder.records.map((r) => r.id);
          expect(new Set(ids).size).toBe(ids.length);
        },
      ),
      { numRuns: 500 },
    );
  });

  it('publishes an id once and for all: no later fact gives a known attempt another id', () => {
    const types: FactType[] = ['attempt.started', 'attempt.completed', 'attempt.abandoned'];
    const one = fc.tuple(fc.constantFrom(...types), fc.integer({ min: 0, max: 20 }));
    fc.assert(
      fc.property(fc.array(one, { minLength: 2, maxLength: 12 }), (facts) => {
        const group = cutGroup();
        const published = new Map<string, string>();
        facts.forEach(([type, minute], i) => {
          apply(group, [quiz(type, minute)], i + 1);
          for (const record of group.records) {
            const completion = record.facts.find((f) => f.t === 'attempt.completed');
            if (completion === undefined) continue;
            expect(published.get(completion.k) ?? record.id).toBe(record.id);
            published.set(completion.k, record.id);
          }
        });
      }),
    );
  });
});

describe('grades', () => {
  const named = (): AttemptGroup => ({ namedId: NAMED, records: [] });
  const completed = (minute: number, score: number, extra: Partial<Fact> = {}): Fact =>
    fact({
      key: `completed|${minute}|${score}`,
      type: 'attempt.completed',
      at: at(minute),
      attempt: { by: 'named', realm: null, externalId: 'a1' },
      figures: { ...NO_FIGURES, score, maxScore: 10 },
      ...extra,
    });

  it('regrade with history, by the date of the correction, whenever it arrives', () => {
    const group = named();
    const first = apply(group, [completed(9, 5)]);
    expect(first.map((c) => c.type)).toEqual(['attempt.completed']);
    const second = apply(group, [completed(20, 8)], 2);
    expect(second).toMatchObject([{ type: 'attempt.regraded', previous: { score: 5, percentage: 50 } }]);
    expect(apply(group, [completed(15, 7)], 3)).toEqual([]);
    const folded = foldOf(group.records[0] ?? never());
    expect(folded.figures).toMatchObject({ score: 8, percentage: 80 });
    expect(folded.history).toMatchObject([{ score: 5 }, { score: 7 }]);
    expect(folded.completedAt).toBe(at(9));
  });

  it('count corrections without a version in the order they were received', () => {
    const group = named();
    apply(group, [completed(9, 5, { order: 'received' }), completed(9, 3, { order: 'received' })]);
    expect(foldOf(group.records[0] ?? never()).figures.score).toBe(3);
  });

  it('are no regrade when a completion without any grade came first', () => {
    const group = named();
    apply(group, [completed(9, 5, { key: 'bare', figures: null, at: at(8) }), completed(9, 5)]);
    expect(foldOf(group.records[0] ?? never())).toMatchObject({
      figures: { score: 5 },
      history: null,
      completedAt: at(8),
    });
  });

  it('are changed by overrides, reverts included', () => {
    const group = named();
    const override = (minute: number, score: number): Fact =>
      fact({
        key: `override|${minute}`,
        type: 'attempt.regraded',
        at: at(minute),
        attempt: { by: 'named', realm: null, externalId: 'a1' },
        changes: { score },
      });
    const early = apply(group, [override(12, 9)]);
    expect(early).toEqual([]);
    apply(group, [completed(9, 5)], 2);
    expect(foldOf(group.records[0] ?? never()).figures).toMatchObject({ score: 9, percentage: 90 });
    apply(group, [override(14, 5)], 3);
    expect(foldOf(group.records[0] ?? never())).toMatchObject({ figures: { score: 5, percentage: 50 } });
    expect(foldOf(group.records[0] ?? never()).history).toMatchObject([{ score: 5 }, { score: 9 }]);
  });

  it('are told as a regrade whenever history keeps the one before', () => {
    const group = named();
    const counted = (minute: number, correctCount: number) =>
      completed(minute, 5, { key: `c${minute}`, figures: { ...NO_FIGURES, score: 5, percentage: 50, correctCount } });
    apply(group, [counted(9, 5)]);
    expect(apply(group, [counted(12, 6)], 2).map((c) => c.type)).toEqual(['attempt.regraded']);
    expect(foldOf(group.records[0] ?? never()).history).toHaveLength(1);
  });

  it('are no share beyond measure where the full score is next to nothing', () => {
    const group = named();
    apply(group, [completed(9, 1, { figures: { ...NO_FIGURES, score: 1, maxScore: 1e-300 } })]);
    expect(foldOf(group.records[0] ?? never()).figures.percentage).toBeNull();
  });

  it('withdraw and reinstate by the platform’s own clock', () => {
    const group = named();
    apply(group, [
      completed(9, 5, { revoked: false }),
      completed(12, 5, { key: 'r', revoked: true, type: 'attempt.revoked' }),
    ]);
    expect(foldOf(group.records[0] ?? never()).state).toBe('revoked');
    apply(group, [completed(11, 6, { revoked: false })], 3);
    expect(foldOf(group.records[0] ?? never()).state).toBe('revoked');
    apply(group, [completed(13, 6, { revoked: false })], 4);
    expect(foldOf(group.records[0] ?? never()).state).toBe('completed');
  });
});

describe('steps', () => {
  const step = (type: FactType, minute: number, index: number, passed = false): Fact =>
    fact({
      key: `${type}|${minute}|${index}`,
      type,
      at: at(minute),
      attempt: { by: 'named', realm: null, externalId: 'p1' },
      step: { externalId: `c${index}`, index, total: 5 },
      data: { ...(passed ? { passed: true } : {}), ...(type === 'step.skipped' ? { skippedTo: true } : {}) },
    });

  it('are skipped themselves where the platform means the step it names', () => {
    const group: AttemptGroup = { namedId: NAMED, records: [] };
    apply(group, [step('step.started', 1, 0), { ...step('step.skipped', 2, 1), data: {} }]);
    expect(foldOf(group.records[0] ?? never()).steps?.map((s) => [s.externalId, s.state])).toEqual([
      ['c0', 'started'],
      ['c1', 'skipped'],
    ]);
  });

  it('count tries, complete, and are skipped over by a jump', () => {
    const group: AttemptGroup = { namedId: NAMED, records: [] };
    apply(group, [
      step('step.skipped', 9, 4),
      step('step.attempted', 3, 1),
      step('step.started', 1, 1),
      step('step.attempted', 5, 1, true),
      step('step.completed', 6, 1),
      step('step.started', 9, 4),
    ]);
    expect(foldOf(group.records[0] ?? never()).steps).toEqual([
      { externalId: 'c1', index: 1, state: 'completed', startedAt: at(1), completedAt: at(5), attempts: 2 },
      { externalId: '', index: 2, state: 'skipped', startedAt: null, completedAt: null, attempts: 0 },
      { externalId: '', index: 3, state: 'skipped', startedAt: null, completedAt: null, attempts: 0 },
      { externalId: 'c4', index: 4, state: 'started', startedAt: at(9), completedAt: null, attempts: 0 },
    ]);
  });
});

function never(): never {
  throw new Error('There is no attempt.');
}
