import { synap } from '../../../src/adapters/synap/synap.ts';
import { fixture, laidOver, type PlatformCase, withHeader } from '../platform-case.ts';

const completed = fixture('synap/attempt-completed.json');
const override = fixture('synap/attempt-override-created.json');
const authorization = 'authorization';
const basic = (text: string) => `Basic ${Buffer.from(text).toString('base64')}`;
const attempt = { by: 'named', realm: 'synap', externalId: 'att_1' };
const of = (changes: Record<string, unknown>) => laidOver(completed, changes);
const revoked = of({ attempt: { state: { isRevoked: true } }, meta: { timestamp: '2026-03-06T00:00:00Z' } });

export const synapCase: PlatformCase = {
  adapter: synap,
  secrets: {
    secrets: [],
    publicKey: null,
    basicAuth: [
      { username: 'synap', password: 'new:pässword' },
      { username: 'synap', password: 'old' },
    ],
  },
  wrong: { secrets: [], publicKey: null, basicAuth: [{ username: 'synap', password: 'other' }] },
  proof: [authorization],
  without: (request) => withHeader(request, authorization, undefined),
  malformed: {
    'an empty header': (request) => withHeader(request, authorization, ''),
    'another scheme': (request) => withHeader(request, authorization, 'Bearer abc'),
    'no credentials': (request) => withHeader(request, authorization, 'Basic'),
    'not base64': (request) => withHeader(request, authorization, 'Basic €€€'),
    'no colon': (request) => withHeader(request, authorization, basic('synap')),
    'an empty password': (request) => withHeader(request, authorization, basic('synap:')),
  },
  covers: 'none',
  stale: false,
  codes: { wrong: 'invalid_credentials', missing: 'invalid_credentials' },
  readings: [
    {
      name: "the seed's interface filled in, on a URL without an event name",
      body: completed,
      means: [
        {
          type: 'attempt.completed',
          at: '2026-03-02T09:20:35.000000Z',
          learner: {
            realm: 'portal_1',
            externalId: 'usr_7',
            name: 'Ada Byron',
            email: 'ada@example.com',
            attributes: { team: 'Blue', cohort: 2026 },
          },
          activity: { realm: 'portal_1', externalId: 'test_9', title: 'Cardiology mock', kind: 'test' },
          attempt,
          startedAt: '2026-03-02T09:00:00.000000Z',
          completedAt: '2026-03-02T09:20:34.500000Z',
          figures: {
            score: 57,
            maxScore: 100,
            percentage: 57,
            correctCount: 57,
            incorrectCount: 41,
            partialCount: null,
            unansweredCount: 2,
            totalQuestions: 100,
            timeSpentSeconds: 1234.5,
            outcome: null,
          },
          responses: null,
          breakdowns: null,
          certificate: { url: 'https://synap.example/certificates/1', pdfPath: 'certificates/1.pdf' },
          revoked: false,
          platform: {
            tags: { subject: ['cardiology'] },
            marks: { points: 57 },
            state: { results: { status: 'complete' } },
          },
        },
        { type: 'certificate.issued', attempt, key: 'certificate.issued|att_1|https://synap.example/certificates/1' },
      ],
    },
    {
      name: 'attempt.submitted tells what handing in settles, no score',
      body: completed,
      eventName: 'attempt.submitted',
      means: [
        {
          type: 'attempt.submitted',
          key: 'attempt.submitted|att_1',
          at: '2026-03-02T09:20:34.500000Z',
          figures: { score: null, percentage: null, totalQuestions: 100, timeSpentSeconds: 1234.5 },
          revoked: null,
        },
      ],
    },
    {
      name: 'exam.submitted is the same fact',
      body: of({ attempt: { isExam: true }, meta: { timestamp: '2026-03-02T09:20:36Z' } }),
      eventName: 'exam.submitted',
      means: [{ key: 'attempt.submitted|att_1', at: '2026-03-02T09:20:34.500000Z', activity: { kind: 'exam' } }],
    },
    {
      name: 'exam.completed with a grade',
      body: of({ certificate: null, attempt: { grade: { label: 'Pass', minScore: 0.5, isPass: true } } }),
      eventName: 'exam.completed',
      means: [
        {
          type: 'attempt.completed',
          figures: { outcome: 'passed', score: 57 },
          activity: { kind: 'exam' },
          certificate: null,
        },
      ],
    },
    {
      name: 'a failed grade, negative marks, figures as text',
      body: of({
        certificate: null,
        attempt: {
          grade: { isPass: false },
          score: '-3.5',
          scoreFrac: '-0.07',
          totalAnswered: null,
          timeSpentInMs: '1000',
        },
      }),
      means: [
        {
          figures: {
            outcome: 'failed',
            score: -3.5,
            percentage: -7,
            incorrectCount: null,
            unansweredCount: null,
            timeSpentSeconds: 1,
          },
        },
      ],
    },
    {
      name: 'attempt.started',
      body: of({ meta: { eventName: 'attempt.started' } }),
      means: [{ type: 'attempt.started', at: '2026-03-02T09:00:00.000000Z', figures: null }],
    },
    {
      name: 'a revoked attempt',
      body: laidOver(revoked, { certificate: null }),
      eventName: 'attempt.completed',
      means: [
        { type: 'attempt.completed', revoked: true, attempt },
        { type: 'attempt.revoked', revoked: true, attempt, at: '2026-03-06T00:00:00.000000Z' },
      ],
    },
    {
      name: 'an override',
      body: override,
      eventName: 'attemptOverride.created',
      means: [
        {
          type: 'attempt.regraded',
          at: '2026-03-05T08:00:00.000000Z',
          order: 'occurred',
          attempt,
          activity: null,
          figures: null,
          changes: { score: 61 },
          data: { override: { score: { oldValue: 57, newValue: 61 } } },
        },
      ],
    },
    {
      name: 'an override on a URL without an event name, shown by meta.eventName',
      body: override,
      means: [{ type: 'attempt.regraded' }],
    },
    {
      name: 'an override that names only the attempt',
      body: { attempt: { id: 'att_1' }, points: { oldValue: '57', newValue: '50' } },
      means: [
        { type: 'attempt.regraded', order: 'received', learner: null, activity: null, attempt, changes: { score: 50 } },
      ],
    },
    {
      name: 'an override of penalties only changes no figure of ours',
      body: { attempt: { id: 'att_1' }, penalties: { oldValue: 0, newValue: 2 } },
      eventName: 'attemptOverride.created',
      means: [{ changes: {}, data: { override: { penalties: { oldValue: 0, newValue: 2 } } } }],
    },
    {
      name: 'a certificate link that would run a script is left out',
      body: of({ certificate: { url: 'javascript:alert(1)' } }),
      means: [{ certificate: null }],
    },
    {
      name: 'another event',
      body: completed,
      eventName: 'user.registered',
      means: { status: 'unmapped', says: /user\.registered/ },
    },
    {
      name: 'another event, named by the body',
      body: of({ meta: { eventName: 'exam.resultsReleased' } }),
      means: { status: 'unmapped', says: /exam\.resultsReleased/ },
    },
    {
      name: 'no attempt id',
      body: of({ id: null, attempt: { id: '' } }),
      means: { status: 'failed', says: /attempt\.id/ },
    },
    {
      name: 'an override without values',
      body: { attempt: { id: 'a' } },
      eventName: 'attemptOverride.created',
      means: { status: 'failed' },
    },
    { name: 'nothing', body: null, means: { status: 'failed' } },
  ],
};
