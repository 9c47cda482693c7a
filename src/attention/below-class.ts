/**
 * Below the class: the mean of the last three completed attempts against the class on the same activities, in standard
 * deviations of the class's scores there. The class: who shares a cohort with the learner, else everybody at the activity;
 * never the learner. Of each the last completed attempt counts.
 */
import type { Uuid } from '../core/ids.ts';
import type { Queryable } from '../db/database.ts';
import { type Candidate, rankOf } from './rules.ts';

/** learning.md: the last three completed attempts … */
const ATTEMPTS = 3;
/** … more than 1.5 standard deviations … */
const DEVIATIONS = 1.5;
/** … and at least 10 points. */
const POINTS = 10;
/** The mean and spread of fewer others is chance. */
const FEWEST_OTHERS = 5;
/** Scores that hardly differ would make every distance immense. */
const LEAST_DEVIATION = 1;
/** Older than this it is history and not "now". */
const HISTORY_DAYS = 90;
/**
 * The newest of an activity: of 300 the mean is known to a seventeenth of the spread, a twenty-fifth of what the rule asks for. A
 * thousand cost 15 ms an activity among a million attempts, and the first round over 2,000 activities a core for minutes.
 */
const CLASS_SCORES = 300;
/**
 * Large classes, whose mean one result moves by a hundredth of the spread, are remembered between looks, and read from the rows
 * made for figures, by an index that holds all of it (6.8 ms → 3.4); those may be some seconds behind. Small ones are read once a
 * look, from the attempts themselves.
 */
const LARGE = 100;
const HOLDS_MS = 10 * 60_000;

/** Whether the workspace is set to leave unverified results out. */
const ONLY_VERIFIED = `coalesce((SELECT w.settings #>> '{figures,unverified}' = 'exclude' FROM workspaces w WHERE w.id = $1), false)`;
/** Results that may not count as the workspace is set are left out here as in figures. */
const COUNTS = `NOT a.test AND a.state = 'completed' AND a.percentage IS NOT NULL
  AND NOT (a.verification = 'token' AND ${ONLY_VERIFIED})`;
/** As in attempts_results (migrations/000024-results-of-a-learner.sql). */
const DONE_AT = `coalesce(a.completed_at, a.ended_at, a.last_at)`;

interface Own {
  learner_id: Uuid;
  attempt_id: Uuid;
  activity_id: Uuid;
  percentage: number;
  done_at: Date;
  cohorts: Uuid[];
}

interface Score {
  learner_id: Uuid;
  percentage: number;
}

/** What is remembered between looks. */
export type ClassScores = Map<string, { until: number; scores: Score[] }>;

export async function belowClass(
  db: Queryable,
  workspace: number,
  learners: readonly Uuid[],
  remembered: ClassScores,
): Promise<Candidate[]> {
  const rows = await db.query<Own>(
    `SELECT own.*, ARRAY(SELECT m.cohort_id FROM cohort_members m
                         WHERE m.workspace = $1 AND m.learner_id = own.learner_id ORDER BY 1) AS cohorts
     FROM unnest($2::uuid[]) AS wanted (id)
     JOIN learners l ON l.workspace = $1 AND l.id = wanted.id AND NOT l.excluded
     CROSS JOIN LATERAL (
       SELECT a.learner_id, a.id AS attempt_id, a.activity_id, a.percentage, ${DONE_AT} AS done_at
       FROM attempts a
       WHERE a.workspace = $1 AND a.learner_id = wanted.id AND a.activity_id IS NOT NULL AND ${COUNTS}
       ORDER BY ${DONE_AT} DESC, a.id LIMIT ${ATTEMPTS}
     ) own`,
    [workspace, learners],
  );
  const history = Date.now() - HISTORY_DAYS * 86_400_000;
  const candidates: Candidate[] = [];
  const read = new Map<string, Score[]>();
  const scoresOf = async ({ activity_id: activityId, cohorts }: Own): Promise<Score[]> => {
    const key = [workspace, activityId, ...cohorts].join('|');
    const known = remembered.get(key);
    if (known !== undefined && known.until > Date.now()) return known.scores;
    const scores = read.get(key) ?? (await classScores(db, workspace, activityId, cohorts));
    read.set(key, scores);
    if (scores.length >= LARGE) remembered.set(key, { until: Date.now() + HOLDS_MS, scores });
    return scores;
  };
  for (const own of Map.groupBy(rows, (row) => row.learner_id).values()) {
    const newest = own.reduce((a, b) => (b.done_at > a.done_at ? b : a));
    if (own.length < ATTEMPTS || newest.done_at.getTime() <= history) continue;
    const candidate = await compare(own, newest, scoresOf);
    if (candidate !== null) candidates.push(candidate);
  }
  return candidates;
}

async function compare(
  own: readonly Own[],
  newest: Own,
  scoresOf: (own: Own) => Promise<Score[]>,
): Promise<Candidate | null> {
  let classSize = Number.POSITIVE_INFINITY;
  let classSum = 0;
  let variances = 0;
  for (const one of own) {
    const scores = await scoresOf(one);
    const others = scores.filter((score) => score.learner_id !== one.learner_id).map((score) => score.percentage);
    if (others.length < FEWEST_OTHERS) return null;
    classSize = Math.min(classSize, others.length);
    const mean = meanOf(others);
    classSum += mean;
    variances += others.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (others.length - 1);
  }
  const mean = meanOf(own.map((row) => row.percentage));
  const classMean = classSum / own.length;
  const difference = classMean - mean;
  const deviations = difference / Math.max(LEAST_DEVIATION, Math.sqrt(variances / own.length));
  if (difference < POINTS || deviations <= DEVIATIONS) return null;
  const activities = new Set(own.map((row) => row.activity_id)).size;
  return {
    rule: 'below_class',
    learnerId: newest.learner_id,
    subject: '',
    occasion: newest.attempt_id,
    activityId: activities === 1 ? newest.activity_id : null,
    attemptId: newest.attempt_id,
    facts: {
      mean: oneDecimal(mean),
      classMean: oneDecimal(classMean),
      difference: oneDecimal(difference),
      deviations: oneDecimal(deviations),
      activities,
      classSize,
    },
    rank: rankOf('below_class', difference),
    since: newest.done_at,
  };
}

/** The last completed result of each learner of the class at an activity, the newest CLASS_SCORES at most. */
async function classScores(
  db: Queryable,
  workspace: number,
  activityId: Uuid,
  cohorts: readonly Uuid[],
): Promise<Score[]> {
  if (cohorts.length === 0) {
    const many = await newestFigures(db, workspace, activityId);
    if (many.length >= LARGE) return many;
  }
  return await db.query<Score>(
    cohorts.length === 0
      ? `SELECT DISTINCT ON (a.learner_id) a.learner_id, a.percentage
         FROM (SELECT * FROM attempts a WHERE a.workspace = $1 AND a.activity_id = $2 AND ${COUNTS}
               ORDER BY a.opened_at DESC LIMIT ${CLASS_SCORES}) a
         JOIN learners l ON l.workspace = $1 AND l.id = a.learner_id AND NOT l.excluded
         ORDER BY a.learner_id, ${DONE_AT} DESC`
      : `SELECT last.learner_id, last.percentage
         FROM (SELECT DISTINCT learner_id FROM cohort_members
               WHERE workspace = $1 AND cohort_id = ANY ($3::uuid[]) LIMIT ${CLASS_SCORES}) m
         JOIN learners l ON l.workspace = $1 AND l.id = m.learner_id AND NOT l.excluded
         CROSS JOIN LATERAL (
           SELECT a.learner_id, a.percentage FROM attempts a
           WHERE a.workspace = $1 AND a.learner_id = m.learner_id AND a.activity_id = $2 AND ${COUNTS}
           ORDER BY ${DONE_AT} DESC, a.id LIMIT 1) last`,
    cohorts.length === 0 ? [workspace, activityId] : [workspace, activityId, cohorts],
  );
}

/** The last result of each learner among the newest CLASS_SCORES at an activity, as figures count them. */
async function newestFigures(db: Queryable, workspace: number, activityId: Uuid): Promise<Score[]> {
  return await db.query<Score>(
    `SELECT DISTINCT ON (f.learner_id) f.learner_id, f.percentage
     FROM (SELECT f.learner_id, f.percentage, f.at FROM figure_attempts f
           WHERE f.workspace = $1 AND f.activity_id = $2 AND f.left_out IS NULL AND f.state = 'completed'
             AND f.percentage IS NOT NULL AND f.variant IN (0, CASE WHEN ${ONLY_VERIFIED} THEN 2 ELSE 1 END)
           ORDER BY f.at DESC LIMIT ${CLASS_SCORES}) f
     JOIN learners l ON l.workspace = $1 AND l.id = f.learner_id AND NOT l.excluded
     ORDER BY f.learner_id, f.at DESC`,
    [workspace, activityId],
  );
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function oneDecimal(value: number): number {
  return Math.round(value * 10) / 10;
}
