/** Testpress bodies for the simulator and the source test; `key` and `hash` come with the signature. */
import type { ExampleOptions } from '../adapter.ts';

/** Testpress has no event names: these are the states of its two webhooks, those of an exam attempt first. */
export const TESTPRESS_EVENTS: readonly string[] = [
  'started',
  'completed',
  'content.started',
  'content.pending_evaluation',
  'content.evaluation_completed',
  'content.completed',
];

const CONTENT_STATES: Readonly<Record<string, string>> = {
  'content.started': 'Started',
  'content.pending_evaluation': 'Pending Evaluation',
  'content.evaluation_completed': 'Evaluation Completed',
  'content.completed': 'Completed',
};

const SUBJECTS = ['Quantitative', 'Verbal', 'Reasoning'];

export function exampleOfTestpress(options: ExampleOptions): Record<string, unknown> {
  const state = CONTENT_STATES[options.event];
  return state === undefined ? examBody(options, options.event === 'completed') : contentBody(options, state);
}

function examBody(options: ExampleOptions, completed: boolean): Record<string, unknown> {
  const { total, learner, activity } = options;
  const subjects = SUBJECTS.map((name) => ({ name, correct: 0, incorrect: 0, unanswered: 0 }));
  for (let i = 0; completed && i < total; i += 1) {
    const subject = subjects[i % subjects.length];
    if (subject === undefined) continue;
    if (options.random() < 0.08) subject.unanswered += 1;
    else if (options.random() < options.ability) subject.correct += 1;
    else subject.incorrect += 1;
  }
  const sum = (of: 'correct' | 'incorrect' | 'unanswered') => subjects.reduce((n, subject) => n + subject[of], 0);
  // Four marks for a right answer, one less for a wrong one.
  const points = 4 * sum('correct') - sum('incorrect');
  const answered = sum('correct') + sum('incorrect');
  const counts = (c: { correct: number; incorrect: number; unanswered: number }) => ({
    correct_answers_count: c.correct,
    incorrect_answers_count: c.incorrect,
    partial_correct_answers_count: 0,
    unanswered_count: c.unanswered,
    total_count: c.correct + c.incorrect + c.unanswered,
  });
  return {
    username: learner.name,
    accuracy: answered === 0 ? 0 : Math.round((100 * sum('correct')) / answered),
    exam: {
      id: idOf(activity.externalId),
      title: activity.title,
      duration: '1:00:00',
      start_date: null,
      end_date: null,
    },
    subject_stats: completed
      ? subjects
          .filter((s) => s.correct + s.incorrect + s.unanswered > 0)
          .map((s) => ({
            subject_name: s.name,
            parent_subject_id: null,
            ...counts(s),
            answered_count: s.correct + s.incorrect,
            score: (4 * s.correct - s.incorrect).toFixed(2),
          }))
      : [],
    email: learner.email,
    partial_correct_answers_count: completed ? 0 : null,
    attempt_id: idOf(options.attemptId),
    attempt_state: completed ? 'completed' : 'started',
    incorrect_answers_count: sum('incorrect'),
    difficulty_level_stats: completed
      ? {
          uncategorized: counts({
            correct: sum('correct'),
            incorrect: sum('incorrect'),
            unanswered: sum('unanswered'),
          }),
        }
      : {},
    completed_on: completed ? new Date(options.at).toISOString() : null,
    unanswered_answers_count: sum('unanswered'),
    attempt_start_time: new Date(options.startedAt).toISOString(),
    user_id: idOf(learner.externalId),
    percentage: (total === 0 ? 0 : (100 * points) / (4 * total)).toFixed(2),
    score: points.toFixed(2),
    speed: 0,
    institute_attempt_id: null,
    correct_answers_count: sum('correct'),
  };
}

function contentBody(options: ExampleOptions, state: string): Record<string, unknown> {
  const completed = state === 'Completed' || state === 'Evaluation Completed';
  return {
    attempt_id: idOf(options.attemptId),
    user_id: idOf(options.learner.externalId),
    chapter_content: {
      id: idOf(options.activity.externalId),
      title: options.activity.title,
      content_type: 'Video',
      exam: null,
    },
    course: { id: 1, title: 'Computer Science' },
    assessment: null,
    user_video: null,
    user_video_conference: null,
    state,
    created: new Date(options.startedAt).toISOString(),
    completed_on: completed ? new Date(options.at).toISOString() : null,
  };
}

/** Ids are integers there; others are sent as they are. */
function idOf(id: string): number | string {
  return /^[1-9]\d{0,14}$/.test(id) ? Number(id) : id;
}
