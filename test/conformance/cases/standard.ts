import { standard } from '../../../src/adapters/standard/standard.ts';
import { fixture, laidOver, type PlatformCase } from '../platform-case.ts';
import { standardWebhooksProof } from './standard-webhooks-proof.ts';

const gradewire = fixture('standard/attempt-completed.json');
const byHand = fixture('standard/by-hand.json');
const AT = '2026-05-04T10:00:00.000000Z';
const of = (changes: Record<string, unknown>) => laidOver(byHand, changes);

export const standardCase: PlatformCase = {
  adapter: standard,
  ...standardWebhooksProof('webhook'),
  readings: [
    {
      name: 'an event of another Gradewire',
      body: gradewire,
      means: [
        {
          key: 'attempt.completed|evt_0198aa',
          type: 'attempt.completed',
          at: AT,
          learner: { realm: null, externalId: 'lrn_1', name: 'Ada Byron', email: 'ada@example.com' },
          activity: { realm: null, externalId: 'act_1', title: 'JavaScript Basics', kind: 'quiz' },
          attempt: { by: 'named', realm: null, externalId: 'att_1' },
          startedAt: '2026-05-04T09:55:00.000000Z',
          completedAt: AT,
          figures: {
            score: 8,
            maxScore: null,
            percentage: 80,
            totalQuestions: 10,
            timeSpentSeconds: 245,
            outcome: 'passed',
          },
        },
      ],
    },
    {
      name: 'the simple form',
      body: byHand,
      means: [
        {
          type: 'attempt.completed',
          at: AT,
          learner: { externalId: 'u1' },
          activity: { externalId: 'q1', kind: 'exam' },
          attempt: { by: 'named', externalId: 'a1' },
          completedAt: AT,
          figures: { score: 8, maxScore: 10, percentage: 80 },
          responses: [{ questionId: 'n1', selectedAnswerIds: ['b'], text: null, correct: true, mark: 1, maxMark: 1 }],
          breakdowns: [
            {
              kind: 'topic',
              name: 'Fractions',
              parent: null,
              correct: 3,
              incorrect: 1,
              partial: 0,
              unanswered: 0,
              total: 4,
              score: null,
            },
          ],
        },
        { type: 'step.started', at: '2026-05-04T09:58:00.000000Z', step: { externalId: 's1', index: 0, total: null } },
        { type: 'step.completed', at: '2026-05-04T09:59:00.000000Z' },
      ],
    },
    {
      name: 'no attempt id: cut from the times',
      body: of({ type: 'attempt.started', data: { attempt: null } }),
      means: [{ type: 'attempt.started', attempt: { by: 'derived' }, figures: null }],
    },
    {
      name: 'a correction changes what it names',
      body: of({
        type: 'attempt.regraded',
        data: { attempt: { score: 9, maxScore: null, responses: null, steps: null } },
      }),
      means: [{ type: 'attempt.regraded', figures: null, changes: { score: 9 } }],
    },
    {
      name: 'withdrawn',
      body: of({ type: 'attempt.revoked', data: { attempt: { steps: [] } } }),
      means: [{ revoked: true }],
    },
    {
      name: 'an answer',
      body: of({
        type: 'question.answered',
        data: { attempt: { steps: null }, data: { response: { questionId: 7, correct: false } } },
      }),
      means: [{ type: 'question.answered', responses: [{ questionId: '7', correct: false }], figures: null }],
    },
    {
      name: 'a step',
      body: of({
        type: 'step.attempted',
        data: { attempt: { steps: null }, step: { id: 's2', index: 1 }, data: { passed: true } },
      }),
      means: [{ type: 'step.attempted', step: { externalId: 's2', index: 1 }, data: { passed: true } }],
    },
    {
      name: 'a certificate',
      body: of({
        type: 'certificate.issued',
        data: { attempt: { steps: null }, certificate: { url: 'https://c.example/1' } },
      }),
      means: [{ type: 'certificate.issued', certificate: { url: 'https://c.example/1', pdfPath: null } }],
    },
    {
      name: 'a review belongs to no attempt',
      body: of({ type: 'review.created', data: { review: { score: 5 } } }),
      means: [{ type: 'review.created', attempt: null, data: { review: { score: 5 } } }],
    },
    {
      name: 'an environment without a play',
      body: { type: 'environment.failed', timestamp: '2026-05-04T10:00:00Z', data: {} },
      means: [{ type: 'environment.failed', attempt: null, learner: null }],
    },
    { name: "another Gradewire's own events", body: { type: 'source.silent', data: {} }, means: { status: 'ignored' } },
    {
      name: 'an unknown type',
      body: of({ type: 'attempt.exploded' }),
      means: { status: 'unmapped', says: /attempt\.exploded/ },
    },
    { name: "svix's test event", body: { event_type: 'ping', data: { success: true } }, means: { status: 'unmapped' } },
    {
      name: 'nobody',
      body: { type: 'attempt.completed', data: {} },
      means: { status: 'failed', says: /whose attempt/ },
    },
    { name: 'no question', body: of({ type: 'question.answered' }), means: { status: 'failed', says: /questionId/ } },
    { name: 'no step', body: of({ type: 'step.started' }), means: { status: 'failed', says: /step/ } },
    {
      name: 'a count that is none',
      body: of({ data: { attempt: { correctCount: 'many' } } }),
      means: { status: 'failed', says: /correctCount/ },
    },
    {
      name: 'an unknown kind of activity',
      body: of({ data: { activity: { kind: 'dance' }, attempt: { steps: null } } }),
      means: [{ activity: { kind: 'quiz' } }],
    },
  ],
};
