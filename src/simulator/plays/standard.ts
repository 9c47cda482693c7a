/** The generic source: the adapter's own examples, in the order an attempt goes through them. */
import { type PlayScript, pause, played } from '../play.ts';

export const playStandard: PlayScript = function* (play) {
  let at = play.startedAt;
  for (const event of ['attempt.started', 'attempt.completed'].filter((name) => play.adapter.events.includes(name))) {
    yield played(play, event, at, {});
    at += pause(play, play.rhythm.course);
  }
};
