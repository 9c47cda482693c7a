/** Synap bodies for the simulator and the source test, after the interface in its documentation. */
import type { ExampleOptions } from '../adapter.ts';

/** In the order of an exam attempt first; an exam fires attempt.* and exam.*. */
export const SYNAP_EVENTS: readonly string[] = [
  'attempt.started',
  'attempt.submitted',
  'attempt.completed',
  'exam.submitted',
  'exam.completed',
  'attemptOverride.created',
];

export function exampleOfSynap(options: ExampleOptions): Record<string, unknown> {
  const { event, learner, activity, attemptId, total, random } = options;
  let correct = 0;
  for (let i = 0; i < total; i += 1) if (random() < options.ability) correct += 1;
  const sentAt = new Date(options.at).toISOString();
  const who = {
    user: { id: learner.externalId, name: learner.name, email: learner.email, customAttributes: {} },
    portal: { id: 'portal-example' },
  };
  const frac = total === 0 ? 0 : correct / total;
  if (event === 'attemptOverride.created') {
    const score = { oldValue: correct, newValue: Math.min(total, correct + 1), isOriginal: false };
    return {
      ...who,
      meta: { timestamp: sentAt, eventName: event },
      actionType: 'override',
      score,
      attempt: { id: attemptId },
    };
  }
  const timeStarted = new Date(options.startedAt).toISOString();
  const tags = {
    nonFacetTags: [],
    skill: [],
    difficulty: [],
    subtopic: [],
    topic: [],
    subject: [],
    module: [],
    exam: [],
  };
  const test = { id: activity.externalId, title: activity.title };
  const isExam = event.startsWith('exam.');
  if (event === 'attempt.started') {
    const state = { responseQuestionMap: [], isRevoked: false, isStarted: true, timeStarted };
    const attempt = { id: attemptId, isExam, state, totalQuestions: total, tags, timeStarted };
    return { ...who, meta: { timestamp: sentAt }, attempt, test, id: attemptId, timeStarted };
  }
  const times = { timeStarted, timeCompleted: sentAt, timeSpentInMs: Math.max(0, options.at - options.startedAt) };
  const figures = { score: correct, scoreFrac: frac };
  return {
    ...who,
    meta: { timestamp: sentAt },
    attempt: {
      ...figures,
      totalAnsweredCorrectly: correct,
      ...(isExam
        ? { grade: { label: frac >= 0.5 ? 'Pass' : 'Fail', minScore: frac >= 0.5 ? 0.5 : 0, isPass: frac >= 0.5 } }
        : {}),
      id: attemptId,
      isExam,
      state: {
        responseQuestionMap: Array.from({ length: total }, (_, i) => [`${attemptId}-r${i + 1}`, `q${i + 1}`]),
        isRevoked: false,
        isStarted: true,
        ...times,
        results: { status: event.endsWith('completed') ? 'complete' : 'pending' },
      },
      marks: { points: correct, maxPoints: total },
      totalQuestions: total,
      tags,
      totalAnswered: total,
      ...times,
    },
    test,
    id: attemptId,
    ...figures,
    ...times,
  };
}
