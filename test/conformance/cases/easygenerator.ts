import { easygenerator } from '../../../src/adapters/easygenerator.ts';
import { fixture, type PlatformCase } from '../platform-case.ts';

const seed = fixture('easygenerator/finished.seed.json');
const none = { secrets: [], publicKey: null, basicAuth: [] };
const AT = '2018-07-15T06:15:17.502000Z';
const COURSE = '2fc74749fe984bb9b23dfb02c30ccb8b';

export const easygeneratorCase: PlatformCase = {
  adapter: easygenerator,
  secrets: none,
  wrong: none,
  proof: [],
  without: null,
  malformed: {},
  covers: 'none',
  stale: false,
  codes: { wrong: '', missing: '' },
  readings: [
    {
      name: "the seed's sample",
      body: seed,
      means: [
        {
          key: `attempt.completed|${COURSE}|${String(seed.learnerId)}|${AT}`,
          type: 'attempt.completed',
          at: AT,
          learner: { realm: null, externalId: seed.learnerId, email: null },
          activity: { realm: null, externalId: COURSE, kind: 'course' },
          attempt: { by: 'named', realm: null, externalId: `${COURSE}|${String(seed.learnerId)}|${AT}` },
          figures: { score: 100, maxScore: null, percentage: 100, outcome: 'passed' },
        },
      ],
    },
    {
      name: 'an address as learner id is the e-mail too; another status passes through',
      body: { ...seed, learnerId: 'ada@example.com', status: 'inProgress', score: '61.5' },
      means: [
        {
          learner: { email: 'ada@example.com' },
          figures: { score: 61.5, outcome: null },
          platform: { status: 'inProgress' },
        },
      ],
    },
    {
      name: 'failed',
      body: { ...seed, status: 'failed', score: 20 },
      means: [{ figures: { outcome: 'failed', percentage: 20 } }],
    },
    {
      name: 'a score beyond 100 is no percentage',
      body: { ...seed, score: 250 },
      means: [{ figures: { score: 250, percentage: null } }],
    },
    { name: 'no score', body: { ...seed, score: null, status: null }, means: [{ figures: null }] },
    {
      name: 'the same result told in another zone',
      body: { ...seed, finishedOn: '2018-07-15T08:15:17.502+02:00' },
      means: [{ at: AT }],
    },
    { name: 'an empty object is a test of the URL', body: {}, means: { status: 'ignored' } },
    { name: 'no course', body: { ...seed, courseId: null }, means: { status: 'failed', says: /courseId/ } },
    { name: 'no time', body: { ...seed, finishedOn: null }, means: { status: 'failed', says: /finishedOn/ } },
    { name: 'a list', body: [], means: { status: 'failed' } },
  ],
};
