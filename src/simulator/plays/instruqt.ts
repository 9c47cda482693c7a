/** Instruqt: a track of challenges, each tried until it is passed, skipped or given up. */
import { chanceRight } from '../activities.ts';
import { abilityNow, type PlayScript, pause, played } from '../play.ts';

/** Every tenth learner gets stuck at the third challenge the first time: three failed tries, the case teachers must see. */
const STUCK_EVERY = 10;
/** Who failed this often skips, stops, or at last gets it. */
const PATIENCE = 3;

export const playInstruqt: PlayScript = function* (play) {
  const { activity, learner, random, rhythm } = play;
  const total = activity.challenges.length;
  const attemptId = play.uniqueId;
  const common = {
    // Instruqt tells no title, only the part of the URL.
    track_slug: activity.title.toLowerCase().replace(/[^a-z0-9]+/g, '-'),
  };
  let at = play.startedAt;
  const event = (type: string, more: Record<string, unknown> = {}, index = 0) =>
    played(play, type, at, { ...common, ...more }, { attemptId, index, total });

  yield event('track.started');
  const getsStuck = play.retake === 0 && learner.index % STUCK_EVERY === 3;
  for (const [index, challenge] of activity.challenges.entries()) {
    const about = { challenge_id: challenge.id, challenge_index: index, total_challenges: total };
    at += 1000;
    yield event('track.challenge_started', about, index);
    let tries = 0;
    let done = false;
    while (!done) {
      at += pause(play, rhythm.challenge);
      tries += 1;
      const mustFail = getsStuck && index === 2 && tries <= PATIENCE;
      done = !mustFail && random() < chanceRight(abilityNow(play) + 0.05 * (tries - 1), challenge.difficulty);
      yield event('track.challenge_attempted', { ...about, completed: done }, index);
      if (!done && tries >= PATIENCE) {
        at += pause(play, rhythm.challenge);
        const next = random();
        if (next < 0.3) {
          yield event('track.stopped', { reason: 'user' });
          return;
        }
        if (next < 0.55 && index + 1 < total) {
          yield event('track.challenge_skipped', about, index);
          break;
        }
      }
    }
    if (done) {
      at += 400;
      yield event('track.challenge_completed', { ...about, completed: true }, index);
    }
  }
  at += 2000;
  yield event('track.completed', { duration: Math.round((at - play.startedAt) / 1000) });
};
