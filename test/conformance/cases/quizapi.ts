import { quizapi } from '../../../src/adapters/quizapi/quizapi.ts';
import { fixture, laidOver, type PlatformCase, withHeader } from '../platform-case.ts';

const guide = fixture('quizapi/quiz-completed.guide.json');
const announced = fixture('quizapi/quiz-completed.announced.json');
const AT = '2026-04-08T14:30:00.000000Z';
const KEY = `quiz.completed|user_abc123|quiz_js_basics|${AT}`;
const signature = 'x-quizapi-signature';
const ofGuide = (changes: Record<string, unknown>) => laidOver(guide, changes);

export const quizapiCase: PlatformCase = {
  adapter: quizapi,
  secrets: { secrets: ['new secret', 'old secret'], publicKey: null, basicAuth: [] },
  wrong: { secrets: ["someone else's"], publicKey: null, basicAuth: [] },
  proof: [signature],
  without: (request) => withHeader(request, signature, undefined),
  malformed: {
    'an empty header': (request) => withHeader(request, signature, ''),
    'no digits': (request) => withHeader(request, signature, 'sha256='),
    'another algorithm': (request) =>
      withHeader(request, signature, request.headers[signature]?.replace('sha256', 'sha1')),
    'no prefix': (request) => withHeader(request, signature, request.headers[signature]?.slice(7)),
    'upper case': (request) => withHeader(request, signature, request.headers[signature]?.toUpperCase()),
    'cut short': (request) => withHeader(request, signature, request.headers[signature]?.slice(0, -1)),
    'told twice': (request) =>
      withHeader(request, signature, `${request.headers[signature]}, ${request.headers[signature]}`),
    'not hexadecimal': (request) => withHeader(request, signature, `sha256=${'g'.repeat(64)}`),
  },
  covers: 'all',
  stale: false,
  codes: { wrong: 'invalid_signature', missing: 'missing_signature' },
  readings: [
    {
      name: "the guide's sample (shape A)",
      body: guide,
      means: [
        {
          key: KEY,
          type: 'attempt.completed',
          at: AT,
          order: 'occurred',
          learner: { realm: null, externalId: 'user_abc123' },
          activity: { realm: null, externalId: 'quiz_js_basics', title: 'JavaScript Basics', kind: 'quiz' },
          attempt: { by: 'derived' },
          completedAt: AT,
          figures: {
            score: 8,
            maxScore: null,
            percentage: 80,
            correctCount: null,
            incorrectCount: null,
            partialCount: null,
            unansweredCount: null,
            totalQuestions: 10,
            timeSpentSeconds: 245,
            outcome: null,
          },
          responses: [
            { questionId: 'q1', selectedAnswerIds: ['a3'], text: null, correct: true, mark: null, maxMark: null },
          ],
        },
      ],
    },
    {
      name: 'the announced shape B: the same completion, percentage from score and total',
      body: announced,
      means: [
        {
          key: KEY,
          at: AT,
          figures: { score: 8, totalQuestions: 10, percentage: 80, timeSpentSeconds: 245 },
          responses: null,
        },
      ],
    },
    {
      name: 'shape B without completed_at is dated by created_at',
      body: laidOver(announced, { data: { completed_at: null } }),
      means: [{ at: '2026-04-08T14:30:02.000000Z' }],
    },
    {
      name: 'numbers as text, nulls, extra fields',
      body: ofGuide({
        extra: { deep: [1] },
        data: {
          score: '8',
          totalQuestions: '10',
          percentage: '80.5',
          timeSpentSeconds: null,
          answers: null,
          streak: 3,
        },
      }),
      means: [
        {
          figures: { score: 8, totalQuestions: 10, percentage: 80.5, timeSpentSeconds: null },
          responses: null,
          platform: { streak: 3 },
        },
      ],
    },
    {
      name: 'a started quiz tells no figures',
      body: { event: 'quiz.started', timestamp: '2026-04-08T14:25:55Z', data: { userId: 'u', quizId: 'q' } },
      means: [
        {
          type: 'attempt.started',
          key: 'quiz.started|u|q|2026-04-08T14:25:55.000000Z',
          figures: null,
          attempt: { by: 'derived' },
        },
      ],
    },
    {
      name: 'an abandoned quiz',
      body: { event: 'quiz.abandoned', timestamp: '2026-04-08T14:25:55Z', data: { user_id: 5, quiz_id: 6 } },
      means: [
        { type: 'attempt.abandoned', learner: { externalId: '5' }, activity: { externalId: '6' }, figures: null },
      ],
    },
    {
      name: 'one answer',
      body: {
        event: 'question.answered',
        timestamp: '2026-04-08T14:26:00.1234567Z',
        data: { userId: 'u|1', quizId: 'q', questionId: 'q1', selectedAnswerId: ['a1', 'a2'], correct: 'false' },
      },
      means: [
        {
          type: 'question.answered',
          key: 'question.answered|u\\|1|q|2026-04-08T14:26:00.123456Z|q1',
          responses: [{ questionId: 'q1', selectedAnswerIds: ['a1', 'a2'], correct: false }],
          data: { response: { questionId: 'q1', correct: false } },
        },
      ],
    },
    {
      name: 'handed in (shape B)',
      body: {
        id: 'evt_1',
        event: 'attempt.submitted',
        created_at: '2026-04-08T14:30:00Z',
        data: { quiz_id: 'q', user_id: 'u' },
      },
      means: [{ type: 'attempt.submitted' }],
    },
    { name: 'quiz.created', body: { event: 'quiz.created', data: {} }, means: { status: 'ignored' } },
    { name: 'quiz.published', body: { event: 'quiz.published' }, means: { status: 'ignored' } },
    {
      name: 'an unknown event',
      body: ofGuide({ event: 'quiz.exploded' }),
      means: { status: 'unmapped', says: /quiz\.exploded/ },
    },
    {
      name: 'an event named like a property of objects',
      body: { event: 'constructor' },
      means: { status: 'unmapped' },
    },
    { name: 'no event', body: { data: {} }, means: { status: 'unmapped' } },
    { name: 'no object', body: [guide], means: { status: 'failed', says: /not an object/ } },
    {
      name: 'no learner',
      body: ofGuide({ data: { userId: null } }),
      means: { status: 'failed', says: /userId is missing/ },
    },
    { name: 'no time', body: ofGuide({ timestamp: '' }), means: { status: 'failed', says: /timestamp/ } },
    {
      name: 'an absurd time',
      body: ofGuide({ timestamp: '9999-12-31T00:00:00Z' }),
      means: { status: 'failed', says: /1990 and 2100/ },
    },
    {
      name: 'a score of 1e308',
      body: ofGuide({ data: { score: 1e308 } }),
      means: { status: 'failed', says: /data\.score is beyond/ },
    },
    {
      name: 'a score that is no number',
      body: ofGuide({ data: { score: 'NaN' } }),
      means: { status: 'failed', says: /data\.score/ },
    },
    {
      name: 'a negative count',
      body: ofGuide({ data: { totalQuestions: -1 } }),
      means: { status: 'failed', says: /totalQuestions/ },
    },
    {
      name: 'half a question',
      body: ofGuide({ data: { totalQuestions: 9.5 } }),
      means: { status: 'failed', says: /totalQuestions/ },
    },
    {
      name: 'a null byte in an id',
      body: ofGuide({ data: { userId: 'a\0b' } }),
      means: { status: 'failed', says: /null byte/ },
    },
    { name: 'a lone surrogate in an id', body: ofGuide({ data: { quizId: 'a\ud800' } }), means: { status: 'failed' } },
    {
      name: 'an id of 600 characters',
      body: ofGuide({ data: { userId: 'x'.repeat(600) } }),
      means: { status: 'failed', says: /512 bytes/ },
    },
    {
      name: 'an id that no double holds',
      body: ofGuide({ data: { userId: 2 ** 60 } }),
      means: { status: 'failed', says: /exactly/ },
    },
    {
      name: 'null bytes and lone surrogates in titles and extra fields are replaced',
      body: ofGuide({ data: { quizTitle: 'a\0b\ud800', note: ['\0', { 'k\0': '\udfff' }] } }),
      means: [{ activity: { title: 'a\ufffdb\ufffd' }, platform: { note: ['\ufffd', { 'k\ufffd': '\ufffd' }] } }],
    },
    {
      name: 'an absurd time spent is left out',
      body: ofGuide({ data: { timeSpentSeconds: -5 } }),
      means: [{ figures: { timeSpentSeconds: null, score: 8 } }],
    },
  ],
};
