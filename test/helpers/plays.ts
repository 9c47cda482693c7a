/** Attempts of any kind, for what has to be the same whichever way it is read. */
import fc from 'fast-check';
import type { Uuid } from '../../src/core/ids.ts';
import type { Database } from '../../src/db/database.ts';
import { addAttempt, answer } from './progress-rows.ts';

/** Whose and where the plays are: three learners, two activities. */
export interface Players {
  learners: readonly Uuid[];
  activities: readonly Uuid[];
  source: Uuid;
}

/** Plays done at one of these times. */
export function playsAt(time: fc.Arbitrary<string>) {
  return fc.record({
    learner: fc.integer({ min: 0, max: 2 }),
    activity: fc.integer({ min: 0, max: 1 }),
    state: fc.constantFrom(
      'completed' as const,
      'completed' as const,
      'completed' as const,
      'started' as const,
      'abandoned' as const,
      'revoked' as const,
    ),
    percentage: fc.option(fc.constantFrom(-10, 0, 33.333333333, 50, 100), { freq: 4 }),
    outcome: fc.option(fc.constantFrom('passed' as const, 'failed' as const)),
    doneAt: time,
    seconds: fc.option(fc.constantFrom(10, 20.5)),
    verification: fc.constantFrom('signature', 'token'),
    test: fc.boolean().map((yes) => yes && false),
    right: fc.integer({ min: 0, max: 3 }),
  });
}
export type Play = ReturnType<typeof playsAt> extends fc.Arbitrary<infer T> ? T : never;

/** Writes it as an attempt: the first activity sends breakdowns, the second counts, both answers unless all were right. */
export async function addPlay(db: Database, { learners, activities, source }: Players, play: Play): Promise<Uuid> {
  const learner = learners[play.learner];
  const activity = activities[play.activity];
  if (learner === undefined || activity === undefined) throw new Error('There is none.');
  return await addAttempt(db, {
    ...play,
    learner,
    activity,
    source,
    doneAt: play.state === 'started' ? null : play.doneAt,
    openedAt: new Date(Date.parse(play.doneAt) - 3_000_000).toISOString(),
    breakdowns:
      play.activity === 0 ? [{ name: 'Algebra', correct: play.right, incorrect: 3 - play.right, total: 3 }] : null,
    ...(play.activity === 1 ? { correct: play.right, incorrect: 3 - play.right } : {}),
    responses: play.right === 3 ? null : [answer('q1', play.right > 0), answer('q2', play.right > 1)],
  });
}

/** Areas in one order, whatever the weight by which they were listed. */
export function inOrder<T extends { kind: string; name: string }>(areas: readonly T[]): T[] {
  return areas.toSorted((a, b) => (`${a.kind} ${a.name}` < `${b.kind} ${b.name}` ? -1 : 1));
}
