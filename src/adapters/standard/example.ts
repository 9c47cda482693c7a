/** Bodies as a Gradewire sends them to its endpoints, for the simulator and the source test. */
import type { ActivityKind } from '../../core/vocabulary.ts';
import type { ExampleOptions } from '../adapter.ts';

/** In the order of an attempt first, then the others. */
export const STANDARD_EVENTS: readonly string[] = [
  'attempt.started',
  'question.answered',
  'attempt.submitted',
  'attempt.completed',
  'attempt.regraded',
  'attempt.abandoned',
  'attempt.stopped',
  'attempt.revoked',
  'step.started',
  'step.attempted',
  'step.completed',
  'step.skipped',
  'certificate.issued',
  'invite.claimed',
  'review.created',
  'review.updated',
  'environment.creating',
  'environment.created',
  'environment.ready',
  'environment.failed',
  'environment.cleaned',
  'environment.other',
];

export function exampleOfStandard(options: ExampleOptions): Record<string, unknown> {
  const { event, learner, activity, attemptId, total, index, random } = options;
  const occurredAt = new Date(options.at).toISOString();
  const isStep = event.startsWith('step.');
  const kind: ActivityKind = isStep || event.startsWith('environment.') ? 'track' : 'quiz';
  return {
    type: event,
    timestamp: occurredAt,
    data: {
      id: `evt_${attemptId}_${event.replace('.', '_')}_${index}_${options.at}`,
      type: event,
      occurredAt,
      learner: { id: learner.externalId, name: learner.name, email: learner.email },
      activity: { id: activity.externalId, title: activity.title, kind },
      attempt: event.startsWith('invite.') || event.startsWith('review.') ? null : attemptBody(options),
      previous: null,
      data: {
        ...(event === 'question.answered'
          ? { response: { questionId: `q${index + 1}`, correct: random() < options.ability } }
          : {}),
        ...(isStep ? { step: { externalId: `step-${index + 1}`, index, total } } : {}),
        ...(event === 'step.attempted' ? { passed: random() < options.ability } : {}),
        ...(event === 'certificate.issued'
          ? { certificate: { url: `https://certificates.example/${attemptId}` } }
          : {}),
        ...(event.startsWith('review.') ? { review: { id: `rev-${attemptId}`, score: 5, content: 'Good.' } } : {}),
      },
    },
  };
}

function attemptBody(options: ExampleOptions): Record<string, unknown> {
  const startedAt = new Date(options.startedAt).toISOString();
  if (!['attempt.completed', 'attempt.regraded', 'attempt.revoked'].includes(options.event)) {
    return { id: options.attemptId, startedAt, completedAt: null, test: false };
  }
  let correct = 0;
  for (let i = 0; i < options.total; i += 1) if (options.random() < options.ability) correct += 1;
  return {
    id: options.attemptId,
    score: correct,
    maxScore: options.total,
    percentage: options.total === 0 ? null : Math.round((10_000 * correct) / options.total) / 100,
    correctCount: correct,
    incorrectCount: options.total - correct,
    totalQuestions: options.total,
    timeSpentSeconds: Math.max(0, Math.round((options.at - options.startedAt) / 1000)),
    timeKind: 'reported',
    startedAt,
    completedAt: new Date(options.at).toISOString(),
    test: false,
  };
}
