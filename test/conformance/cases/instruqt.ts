import { instruqt } from '../../../src/adapters/instruqt/instruqt.ts';
import { fixture, type PlatformCase, type Reading } from '../platform-case.ts';
import { standardWebhooksProof } from './standard-webhooks-proof.ts';

const real = fixture('instruqt/challenge-attempted.json');
const attempt = { by: 'named', realm: 'instruqt', externalId: 'tncb0s7cdkyu' };

const TYPES: Readonly<Record<string, string>> = {
  'track.started': 'attempt.started',
  'track.completed': 'attempt.completed',
  'track.stopped': 'attempt.stopped',
  'track.track_stopped': 'attempt.stopped',
  'track.challenge_started': 'step.started',
  'track.challenge_completed': 'step.completed',
  'track.challenge_skipped': 'step.skipped',
  'track.skipped_to_challenge': 'step.skipped',
  'track.ready': 'environment.ready',
  'track.challenge_initialized': 'environment.ready',
  'track.challenge_cleaned': 'environment.cleaned',
  'track.track_sandbox_cleaned': 'environment.cleaned',
  'sandbox.creating': 'environment.creating',
  'sandbox.sandbox_created': 'environment.created',
  'sandbox.failed': 'environment.failed',
  'sandbox.cleaned': 'environment.cleaned',
  'sandbox.hibernated': 'environment.other',
  'lab.started': 'attempt.started',
};

export const instruqtCase: PlatformCase = {
  adapter: instruqt,
  ...standardWebhooksProof('svix'),
  readings: [
    {
      name: 'the real example',
      body: real,
      means: [
        {
          key: 'track.challenge_attempted|tncb0s7cdkyu|dxhrbpuvvia9|2021-07-29T16:14:57.312977Z',
          type: 'step.attempted',
          at: '2021-07-29T16:14:57.312977Z',
          learner: { realm: 'instruqt', externalId: 'gOGhYjyoPJhINJFOugIgiL4pdzu2' },
          activity: { realm: 'instruqt', externalId: 'rzwlxtp92ted', kind: 'track' },
          attempt,
          step: { externalId: 'dxhrbpuvvia9', index: null, total: null },
          test: false,
          data: { passed: true },
        },
      ],
    },
    ...Object.entries(TYPES).map(
      ([type, means]): Reading => ({
        name: type,
        body: { ...real, type },
        means: [{ type: means, attempt, data: { platformEvent: type } }],
      }),
    ),
    {
      name: 'index, total and parameters, as text and numbers',
      body: {
        ...real,
        challenge_index: '2',
        total_challenges: 7,
        completed: false,
        custom_parameters: { email: 'a@b.de' },
        track_slug: 'k8s',
      },
      means: [
        {
          step: { index: 2, total: 7 },
          learner: { attributes: { email: 'a@b.de' } },
          activity: { title: 'k8s' },
          data: { passed: false },
        },
      ],
    },
    { name: "a developer's play is a test", body: { ...real, is_developer_play: 'true' }, means: [{ test: true }] },
    {
      name: "a play of Instruqt's own is a test",
      body: { ...real, type: 'lab.started', user_type: 'instruqt' },
      means: [{ test: true }],
    },
    {
      name: 'a play of nobody',
      body: { ...real, type: 'track.started', user_id: null, organization_id: null },
      means: [{ learner: null, attempt: { ...attempt, realm: null } }],
    },
    {
      name: 'a sandbox outside a play',
      body: { type: 'sandbox.created', timestamp: '2021-07-29T16:14:57Z', pooled: true, sandbox_id: 's1' },
      means: [
        {
          type: 'environment.created',
          attempt: null,
          learner: null,
          data: { environment: { pooled: true, sandbox_id: 's1' } },
        },
      ],
    },
    {
      name: 'a claimed invite',
      body: {
        type: 'invite.claimed',
        invite_id: 'i1',
        claim_id: 'c1',
        user_id: 'u1',
        timestamp: '2021-07-29T16:14:57Z',
      },
      means: [
        {
          type: 'invite.claimed',
          attempt: null,
          activity: null,
          learner: { externalId: 'u1' },
          data: { invite: { invite_id: 'i1' } },
        },
      ],
    },
    {
      name: 'a review, which tells no time',
      body: {
        type: 'review.created',
        review_id: 'r1',
        track_id: 't',
        organization_id: 'o',
        user_id: 'u',
        score: '5',
        content: 'Good',
      },
      means: [
        {
          type: 'review.created',
          key: 'review.created|r1',
          at: '2026-04-08T14:30:00.000000Z',
          attempt: null,
          activity: { realm: 'o', externalId: 't' },
          data: { review: { id: 'r1', score: 5, content: 'Good' } },
        },
      ],
    },
    {
      name: 'an updated review',
      body: { type: 'review.updated', review_id: 'r1', score: 3 },
      means: [{ type: 'review.updated' }],
    },
    {
      name: 'a family we know with a verb we do not',
      body: { ...real, type: 'track.created' },
      means: { status: 'unmapped', says: /track\.created/ },
    },
    { name: 'a family we do not know', body: { ...real, type: 'billing.paid' }, means: { status: 'unmapped' } },
    { name: 'a lab that names no play', body: { type: 'lab.started', user_id: 'u' }, means: { status: 'unmapped' } },
    { name: 'no type', body: { ...real, type: null }, means: { status: 'unmapped' } },
    { name: 'no play', body: { ...real, participant_id: null }, means: { status: 'failed', says: /participant_id/ } },
    { name: 'no challenge', body: { ...real, challenge_id: null }, means: { status: 'failed', says: /challenge_id/ } },
    {
      name: 'an absurd time',
      body: { ...real, timestamp: '0001-01-01T00:00:00Z' },
      means: { status: 'failed', says: /timestamp/ },
    },
  ],
};
