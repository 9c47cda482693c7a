/** Easygenerator: one result when a learner finishes a course; nothing tells that it began. */
import { answer, type PlayScript, pause, played } from '../play.ts';

/** Most courses there ask for 80 %. */
const PASS_PERCENT = 80;

export const playEasygenerator: PlayScript = function* (play) {
  const right = play.activity.questions.filter((question) => answer(play, question).correct).length;
  const score = Math.round((100 * right) / play.activity.questions.length);
  const at = play.startedAt + pause(play, play.rhythm.course);
  yield played(play, play.adapter.events[0] ?? 'finished', at, {
    courseId: play.activity.externalId,
    learnerId: play.learner.ids.easygenerator,
    score,
    finishedOn: new Date(at).toISOString(),
    status: score >= PASS_PERCENT ? 'passed' : 'failed',
  });
};
