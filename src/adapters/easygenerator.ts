/**
 * Easygenerator: sent by the learner's browser, unsigned. The unguessable token in the URL, checked before any adapter is
 * asked, is all the proof there is.
 */
import { fact, type Meaning, NO_FIGURES, type Outcome } from '../core/vocabulary.ts';
import type { Adapter, ReceiptContent } from './adapter.ts';
import { extras } from './extras.ts';
import * as read from './read.ts';

const ORIGIN = 'https://elearning.easygenerator.com';

export const easygenerator: Adapter = {
  provider: 'easygenerator',
  title: 'Easygenerator',
  needs: { secret: false, publicKey: false, basicAuth: 'never', urlToken: true, origins: true },
  verification: 'token',
  requiresJson: true,
  defaultOrigins: [ORIGIN],
  events: ['course.finished'],
  verify: () => ({ ok: true, verification: 'token', covers: null, messageId: null }),
  toMeaning,
  example(options) {
    const score = Math.round(100 * Math.min(1, Math.max(0, options.ability + (options.random() - 0.5) / 4)));
    return {
      courseId: options.activity.externalId,
      learnerId: options.learner.externalId,
      score,
      finishedOn: new Date(options.at).toISOString(),
      status: score >= 80 ? 'passed' : 'failed',
    };
  },
  sign(body) {
    const headers = { 'content-type': 'application/json', origin: ORIGIN };
    return { headers, body: Buffer.from(JSON.stringify(body)), query: '' };
  },
};

function toMeaning(content: ReceiptContent): Meaning {
  return read.readable(() => {
    const body = read.bodyFields(content.body);
    if (Object.keys(body).length === 0)
      return { status: 'ignored', reason: 'An empty object: the test of the URL, no result.' };
    const courseId = read.id(body.courseId, 'courseId');
    const learnerId = read.id(body.learnerId, 'learnerId');
    const finishedOn = read.requiredInstant(body.finishedOn, 'finishedOn');
    const score = read.figure(body.score, 'score');
    const status = read.text(body.status);
    const attemptId = read.factKey(courseId, learnerId, finishedOn);
    return {
      status: 'facts',
      facts: [
        fact({
          key: read.factKey('attempt.completed', courseId, learnerId, finishedOn),
          type: 'attempt.completed',
          at: finishedOn,
          learner: { realm: null, externalId: learnerId, email: read.email(learnerId) },
          activity: { realm: null, externalId: courseId, kind: 'course' },
          attempt: { by: 'named', realm: null, externalId: attemptId },
          completedAt: finishedOn,
          // Its scores are percentages (0 to 100) already. No maximum is sent, so none is made up; a score outside that
          // range is kept and is no percentage.
          figures: read.told({
            ...NO_FIGURES,
            score,
            percentage: score !== null && score >= 0 && score <= 100 ? score : null,
            outcome: outcomeOf(status),
          }),
          platform: extras(body, ['courseId', 'learnerId', 'score', 'finishedOn']),
          data: { platformEvent: 'course.finished' },
        }),
      ],
    };
  });
}

function outcomeOf(status: string | null): Outcome | null {
  const word = status?.toLowerCase();
  return word === 'passed' || word === 'failed' ? word : null;
}
