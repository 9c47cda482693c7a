/** Synap: submitted and completed, for exams each of them twice (attempt.* and exam.*); some marked by hand later. */
import { answer, type PlayedEvent, type PlayScript, pause, played } from '../play.ts';
import { between, letters } from '../random.ts';

/** A mark is corrected by the teacher about once in twenty-five. */
const OVERRIDDEN = 0.04;
/** Exams are passed with half of the points. */
const PASSES_AT = 0.5;

export const playSynap: PlayScript = function* (play) {
  const { activity, random, rhythm } = play;
  // Ids of Synap's attempts are 24 hexadecimal digits.
  const attemptId = Buffer.from(play.uniqueId).toString('hex');
  const isExam = activity.kind === 'exam';
  let at = play.startedAt;
  let right = 0;
  for (const question of activity.questions) {
    at += pause(play, rhythm.question);
    if (answer(play, question).correct) right += 1;
  }
  const total = activity.questions.length;
  const times = {
    timeStarted: new Date(play.startedAt).toISOString(),
    timeCompleted: new Date(at).toISOString(),
    timeSpentInMs: at - play.startedAt,
  };
  const responses = activity.questions.map((q) => [letters(random, 12), q.id]);

  const isPass = right / total >= PASSES_AT;
  const grade = { label: isPass ? 'Pass' : 'Fail', minScore: isPass ? PASSES_AT : 0, isPass };
  const body = (event: string, marked: boolean): Record<string, unknown> => {
    const score = marked ? right : 0;
    const scoreFrac = marked ? Math.round((1000 * right) / total) / 1000 : 0;
    return {
      id: attemptId,
      score,
      scoreFrac,
      ...times,
      attempt: {
        id: attemptId,
        isExam,
        ...(event.startsWith('exam.') ? { grade } : {}),
        score,
        scoreFrac,
        totalAnsweredCorrectly: score,
        totalAnswered: total,
        totalQuestions: total,
        marks: { points: score, maxPoints: total },
        ...times,
        tags: { subject: [...new Set(activity.questions.map((q) => q.subject))] },
        state: { responseQuestionMap: responses, isRevoked: false, isStarted: true, ...times },
      },
    };
  };
  const about = { attemptId };
  const tell = function* (state: 'submitted' | 'completed', sentAt: number, marked: boolean): Generator<PlayedEvent> {
    for (const event of [`attempt.${state}`, ...(isExam ? [`exam.${state}`] : [])]) {
      yield played(play, event, sentAt, body(event, marked), about);
    }
  };

  const byHand = activity.marked === 'by hand';
  yield* tell('submitted', at, !byHand);
  if (byHand) at += Math.round(between(random, rhythm.marking[0], rhythm.marking[1]) * 1000);
  yield* tell('completed', at, true);

  if (right < total && random() < OVERRIDDEN) {
    at += Math.round(between(random, rhythm.marking[0], rhythm.marking[1]) * 1000);
    const score = { oldValue: right, newValue: right + 1 };
    yield played(play, 'attemptOverride.created', at, { score }, about);
  }
};
