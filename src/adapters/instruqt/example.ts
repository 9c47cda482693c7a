/** Instruqt bodies for the simulator and the source test. */
import type { ExampleOptions } from '../adapter.ts';

/** In the order of a play first, then the others. */
export const INSTRUQT_EVENTS: readonly string[] = [
  'track.started',
  'track.challenge_started',
  'track.challenge_attempted',
  'track.challenge_completed',
  'track.completed',
  'track.challenge_skipped',
  'track.stopped',
  'track.ready',
  'sandbox.creating',
  'sandbox.created',
  'sandbox.failed',
  'sandbox.cleaned',
  'invite.claimed',
  'review.created',
  'review.updated',
];

export function exampleOfInstruqt(options: ExampleOptions): Record<string, unknown> {
  const { event, learner, activity, random } = options;
  const common = {
    type: event,
    organization_id: 'example',
    timestamp: nanoseconds(options.at, random),
    user_id: learner.externalId,
    custom_parameters: { email: learner.email, name: learner.name },
  };
  if (event === 'invite.claimed')
    return { ...common, invite_id: `inv-${activity.externalId}`, claim_id: options.attemptId };
  const track = { ...common, track_id: activity.externalId, track_slug: activity.title };
  if (event.startsWith('review.')) {
    const score = 1 + Math.min(4, Math.floor(random() * 5));
    return { ...track, review_id: `rev-${options.attemptId}`, score, content: 'The second challenge was the best.' };
  }
  const play = {
    ...track,
    participant_id: options.attemptId,
    invite_id: null,
    is_developer_play: false,
    pooled: false,
  };
  if (!event.includes('challenge')) return play;
  const challenge = {
    challenge_id: `challenge-${options.index + 1}`,
    challenge_index: options.index,
    total_challenges: options.total,
  };
  const body = { ...play, ...challenge };
  if (event === 'track.challenge_attempted') return { ...body, completed: random() < options.ability };
  return event === 'track.challenge_completed' ? { ...body, completed: true } : body;
}

/** RFC 3339 with the nanoseconds Instruqt writes. */
function nanoseconds(at: number, random: () => number): string {
  const below = String(Math.floor(random() * 1e6)).padStart(6, '0');
  return `${new Date(at).toISOString().slice(0, 23)}${below}Z`;
}
