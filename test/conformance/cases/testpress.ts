import type { IncomingWebhook } from '../../../src/adapters/adapter.ts';
import { testpress } from '../../../src/adapters/testpress/testpress.ts';
import { fixture, laidOver, type PlatformCase } from '../platform-case.ts';

const started = fixture('testpress/exam-started.seed.json');
const completed = fixture('testpress/exam-completed.seed.json');
const older = fixture('testpress/exam-older.json');
const notes = fixture('testpress/content-notes.json');
const examContent = fixture('testpress/content-exam.json');
const REALM = 'YDRAXrgV3STf7EH5';
const attempt = { by: 'named', realm: REALM, externalId: 'exam:130' };
const STARTED = '2023-03-31T10:55:54.968829Z';
const COMPLETED = '2023-03-31T10:57:41.151586Z';

const withHash = (change: (hash: string) => unknown) => (request: IncomingWebhook) => {
  const body = JSON.parse(request.body.toString()) as Record<string, unknown>;
  const hash = change(String(body.hash));
  const { hash: _, ...rest } = body;
  return { ...request, body: Buffer.from(JSON.stringify(hash === undefined ? rest : { ...rest, hash })) };
};

const SIGNED = [
  'key',
  'attempt_id',
  'correct_answers_count',
  'incorrect_answers_count',
  'unanswered_answers_count',
  'percentage',
  'score',
  'user_id',
];

export const testpressCase: PlatformCase = {
  adapter: testpress,
  secrets: { secrets: ['new private/key+=', 'old private key'], publicKey: REALM, basicAuth: [] },
  wrong: { secrets: ["someone else's"], publicKey: REALM, basicAuth: [] },
  proof: [],
  without: withHash(() => undefined),
  malformed: {
    'an empty hash': withHash(() => ''),
    'upper case': withHash((hash) => hash.toUpperCase()),
    'cut short': withHash((hash) => hash.slice(0, -1)),
    'a list': withHash((hash) => [hash]),
    'a number': withHash(() => 1),
    'not hexadecimal': withHash(() => 'z'.repeat(128)),
  },
  covers: (body) => SIGNED.map((name) => String((body as Record<string, unknown>)[name])),
  stale: false,
  codes: { wrong: 'invalid_signature', missing: 'missing_signature' },
  readings: [
    {
      name: "the seed's started exam",
      body: started,
      means: [
        {
          key: 'attempt.started|exam:130',
          type: 'attempt.started',
          at: STARTED,
          learner: { realm: REALM, externalId: '2', name: 'test_user', email: 'student@example.com' },
          activity: { realm: REALM, externalId: 'exam:27', title: 'File type exam', kind: 'exam', dueAt: null },
          attempt,
          startedAt: STARTED,
          completedAt: null,
          figures: null,
          breakdowns: null,
        },
      ],
    },
    {
      name: "the seed's completed exam",
      body: completed,
      means: [
        {
          type: 'attempt.completed',
          at: COMPLETED,
          order: 'received',
          attempt,
          startedAt: STARTED,
          completedAt: COMPLETED,
          figures: {
            score: 0,
            maxScore: null,
            percentage: 0,
            correctCount: 0,
            incorrectCount: 0,
            partialCount: 0,
            unansweredCount: 1,
            totalQuestions: null,
            timeSpentSeconds: null,
            outcome: null,
          },
          breakdowns: [
            {
              kind: 'subject',
              name: 'Quantitative',
              parent: null,
              correct: 0,
              incorrect: 0,
              partial: 0,
              unanswered: 1,
              total: 1,
              score: 0,
            },
            {
              kind: 'difficulty',
              name: 'uncategorized',
              parent: null,
              correct: 0,
              incorrect: 0,
              partial: 0,
              unanswered: 1,
              total: 1,
              score: null,
            },
          ],
          platform: { accuracy: 0, speed: 0, exam: { duration: null } },
        },
      ],
    },
    {
      name: 'an older sample: all text, no state, no times',
      body: older,
      means: [
        {
          type: 'attempt.completed',
          at: '2026-04-08T14:30:00.000000Z',
          attempt: { externalId: 'exam:93' },
          activity: { externalId: 'exam:2', dueAt: '2019-03-21T12:52:41.075000Z' },
          learner: { externalId: '3', email: null },
          figures: {
            score: 50,
            percentage: 100,
            correctCount: 50,
            incorrectCount: 0,
            partialCount: 0,
            unansweredCount: 0,
          },
        },
      ],
    },
    {
      name: 'negative marks are kept',
      body: { ...completed, score: '-4.00', percentage: '-13.33' },
      means: [{ figures: { score: -4, percentage: -13.33 } }],
    },
    {
      name: 'parents of subjects where ids are told; tables that are no tables',
      body: {
        ...completed,
        subject_stats: [
          { id: 1, subject_name: 'Maths', correct_answers_count: '2' },
          { id: 2, subject_name: 'Algebra', parent_subject_id: 1, incorrect_answers_count: 1 },
          { subject_name: 'Broken', correct_answers_count: -1 },
          null,
        ],
        difficulty_level_stats: 'none',
      },
      means: [
        {
          breakdowns: [
            { name: 'Maths', parent: null, correct: 2, total: 2 },
            { name: 'Algebra', parent: 'Maths', incorrect: 1 },
          ],
        },
      ],
    },
    {
      name: 'chapter content: notes',
      body: notes,
      means: [
        {
          type: 'attempt.completed',
          attempt: { by: 'named', realm: REALM, externalId: 'content:255920' },
          activity: {
            realm: REALM,
            externalId: 'content:248',
            title: 'Arithmetic Operators in Python',
            kind: 'document',
          },
          learner: { realm: REALM, externalId: '2' },
          startedAt: '2025-10-28T03:40:11.123456Z',
          completedAt: '2025-10-28T03:42:13.654321Z',
          figures: null,
          platform: { course: { id: 1, title: 'Computer Science' } },
        },
      ],
    },
    ...(
      [
        ['Attachment', 'document'],
        ['Video', 'video'],
        ['VideoConference', 'live_session'],
        ['Live Stream', 'live_session'],
        ['Exam', 'exam'],
      ] as const
    ).map(([content_type, kind]) => ({
      name: `chapter content: ${content_type}`,
      body: laidOver(notes, { chapter_content: { content_type } }),
      means: [{ activity: { kind, externalId: 'content:248' } }],
    })),
    {
      name: 'chapter content: the exam attempt that the exam webhook tells of, at the same activity',
      body: examContent,
      means: [
        {
          type: 'attempt.completed',
          attempt,
          activity: { realm: REALM, externalId: 'exam:27', kind: 'exam' },
          figures: null,
          changes: {},
        },
      ],
    },
    {
      name: 'its start is the same fact as the exam webhook tells',
      body: { ...examContent, state: 'Started', completed_on: null },
      means: [{ key: 'attempt.started|exam:130', type: 'attempt.started', at: STARTED }],
    },
    {
      name: 'waits for marking',
      body: { ...notes, state: 'Pending Evaluation' },
      means: [{ type: 'attempt.submitted', order: 'occurred' }],
    },
    {
      name: 'marked',
      body: { ...notes, state: 'Evaluation Completed' },
      means: [{ type: 'attempt.completed', order: 'received' }],
    },
    {
      name: 'an unknown content state',
      body: { ...notes, state: 'Melted' },
      means: { status: 'unmapped', says: /Melted/ },
    },
    {
      name: 'an unknown attempt state',
      body: { ...completed, attempt_state: 'paused' },
      means: { status: 'unmapped', says: /paused/ },
    },
    { name: 'no exam', body: { ...completed, exam: null }, means: { status: 'failed', says: /exam\.id/ } },
    { name: 'no learner', body: { ...completed, user_id: null }, means: { status: 'failed', says: /user_id/ } },
    {
      name: 'a percentage of 1e308',
      body: { ...completed, percentage: 1e308 },
      means: { status: 'failed', says: /percentage/ },
    },
    {
      name: 'a count in words',
      body: { ...completed, correct_answers_count: 'three' },
      means: { status: 'failed', says: /correct_answers_count/ },
    },
    {
      name: 'an absurd time',
      body: { ...completed, completed_on: '31.03.2023' },
      means: { status: 'failed', says: /completed_on/ },
    },
  ],
};
