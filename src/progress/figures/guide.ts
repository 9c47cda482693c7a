/** The shapes of the guide's routes (seed 000), kept as it gives them; numbers are JSON numbers. */

export interface GuideRow {
  /** The platform's own id of the quiz. */
  quiz_id: string;
  quiz_title: string | null;
  score: number | null;
  total_questions: number | null;
  percentage: number | null;
  time_spent_seconds: number | null;
  completed_at: string | null;
}

export interface GuideSummary {
  quizzes_completed: number;
  /** One decimal; null when nothing completed has a percentage. */
  average_score: number | null;
  /** null, as SUM gives it in the guide, when no time is known. */
  total_time_seconds: number | null;
  last_activity: string | null;
}

export interface GuideWeakArea {
  quiz_title: string | null;
  incorrect_count: number;
  total_answers: number;
}

export interface GuideProgress {
  summary: GuideSummary;
  recentQuizzes: GuideRow[];
  weakAreas: GuideWeakArea[];
}

/** What a row is made of: an attempt with its activity, as the API, the events and the database have them. */
export interface GuideAttempt {
  activity: { externalId: string; title: string | null };
  score: number | null;
  totalQuestions: number | null;
  percentage: number | null;
  timeSpentSeconds: number | null;
  /** RFC 3339. */
  completedAt: string | null;
}

/** One row of recentQuizzes; quiz_title is the activity's title. */
export function guideRow(attempt: GuideAttempt): GuideRow {
  return {
    quiz_id: attempt.activity.externalId,
    quiz_title: attempt.activity.title,
    score: attempt.score,
    total_questions: attempt.totalQuestions,
    percentage: attempt.percentage,
    time_spent_seconds: attempt.timeSpentSeconds,
    completed_at: attempt.completedAt,
  };
}
