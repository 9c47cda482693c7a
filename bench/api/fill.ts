/** A school of the size that the API is measured with, written set by set. */
import type { Uuid } from '../../src/core/ids.ts';
import type { Database } from '../../src/db/database.ts';
import { keepAlike } from '../../src/people/alike.ts';
import { attemptAreas } from '../../src/progress/queries/class/attempt-areas.ts';
import { passedSql, stepGapSql, toldStartSql } from '../../src/progress/queries/class/attempt-columns.ts';
import { figureSettings } from '../../src/progress/queries/figure-settings.ts';
import { keepBody } from '../../src/progress/rollups/keep-bodies.ts';
import { learnerTotals } from '../../src/progress/rollups/learner-totals.ts';
import { BLOCK, bitOf, NO_BITS } from '../../src/progress/rollups/people.ts';
import { checkSettings } from '../../src/progress/rollups/roll-up.ts';
import { summed } from '../../src/progress/rollups/sums.ts';

export interface School {
  attempts: number;
  learners: number;
  activities: number;
}

const SOURCES = ['quizapi', 'testpress', 'synap', 'instruqt', 'easygenerator'];

/**
 * Two years, the newest attempt now. A few activities have most of the attempts (the largest one in twenty of all), a fifth of the
 * attempts are retakes, one in twenty-five was given up and as many never ended; synap and easygenerator prove nothing but a URL.
 */
export async function fillSchool(db: Database, school: School, say: (line: string) => void): Promise<void> {
  const { attempts, learners, activities } = school;
  await db.query(
    `INSERT INTO sources (workspace, id, provider, slug, name, secrets)
     SELECT 1, md5('source ' || p)::uuid, p, p, initcap(p), '' FROM unnest($1::text[]) p`,
    [SOURCES],
  );
  await db.query(
    `INSERT INTO learners (workspace, id, name, email, created_at)
     SELECT 1, md5('learner ' || i)::uuid, (ARRAY['Ada','Bo','Chen','Dara','Emre','Fatou','Gül','Hana'])[1 + i % 8] || ' ' ||
            initcap(substr(md5(i::text), 1, 7)), 'learner' || i || '@school.example', now() - make_interval(mins => 1051200 - 10 * i)
     FROM generate_series(1, $1::int) i`,
    [learners],
  );
  await db.query(
    `INSERT INTO identities (workspace, provider, realm, external_id, learner_id, source_id)
     SELECT 1, 'quizapi', md5('source quizapi')::uuid::text, 'user_' || i, md5('learner ' || i)::uuid, md5('source quizapi')::uuid
     FROM generate_series(1, $1::int) i`,
    [learners],
  );
  await db.query(
    `INSERT INTO activities (workspace, id, source_id, provider, realm, external_id, kind, title, pass_percentage, created_at)
     SELECT 1, md5('activity ' || i)::uuid, md5('source ' || p)::uuid, p, md5('source ' || p), 'ext-' || i,
            CASE p WHEN 'instruqt' THEN 'track' WHEN 'testpress' THEN 'exam' WHEN 'easygenerator' THEN 'course' ELSE 'quiz' END,
            'Activity number ' || i, CASE WHEN i % 3 = 0 THEN 50 END, now() - make_interval(hours => i)
     FROM generate_series(0, $1::int - 1) i, LATERAL (SELECT ($2::text[])[1 + i % 5] AS p) s`,
    [activities, SOURCES],
  );
  await db.query(
    `INSERT INTO cohorts (workspace, id, name) SELECT 1, md5('cohort ' || i)::uuid, 'Class ' || i FROM generate_series(1, 20) i`,
  );
  await db.query(
    `INSERT INTO cohort_members (workspace, cohort_id, learner_id, origin)
     SELECT 1, md5('cohort ' || c)::uuid, md5('learner ' || (c * 1000 + i))::uuid, 'list'
     FROM generate_series(1, 20) c, generate_series(1, CASE c WHEN 1 THEN 1000 ELSE 30 END) i WHERE c * 1000 + i <= $1`,
    [learners],
  );
  while (await keepAlike(db, 1));
  say('people, activities and classes are there');
  await db.query(TEMPLATES);
  const step = 100_000;
  for (let from = 0; from < attempts; from += step) {
    await db.query(ATTEMPTS, [from, Math.min(attempts, from + step), attempts, learners, activities]);
    say(`${Math.min(attempts, from + step)} attempts`);
  }
  await db.query('DROP TABLE bench_answers');
  await db.query('ANALYZE');
  await db.query(NARROW);
  await db.query(`WITH ${summed('figure_attempts', 1)} SELECT`);
  await db.query(PLACES);
  await db.query(PEOPLE);
  say('sums are there');
  await db.transaction(async (tx) => {
    const settings = await figureSettings(tx, 1);
    const ids = await tx.query<{ id: Uuid }>('SELECT id FROM learners WHERE workspace = 1');
    await learnerTotals(
      tx,
      1,
      ids.map((row) => row.id),
      settings,
    );
    // Nothing is left to roll up, and by these settings.
    await checkSettings(tx, 1, settings);
    await tx.query('DELETE FROM rollup_marks');
    await tx.query('UPDATE rollup_state SET as_of = now()');
  });
  say('totals of learners are there');
  await db.query('VACUUM (ANALYZE)');
  for (let i = 0; i < MOST_BODIES && (await keepBody(db, 1)); i++) say('a whole answer is kept');
  await db.query('VACUUM (ANALYZE)');
}

/** A thousand different sets of answers, breakdowns and steps. */
const TEMPLATES = `CREATE TABLE bench_answers AS
  SELECT n, (SELECT jsonb_agg(jsonb_build_object('questionId', 'q' || q, 'selectedAnswerIds', jsonb_build_array('a' || (n * q) % 4),
             'correct', (n * q * 7919) % 100 < 35 + q * 5)) FROM generate_series(1, 10) q) AS responses,
         (SELECT jsonb_agg(jsonb_build_object('kind', CASE WHEN s <= 4 THEN 'subject' ELSE 'difficulty' END,
             'name', (ARRAY['Algebra','Geometry','Physics','Chemistry','Easy','Hard'])[s], 'correct', (n * s) % 9, 'incorrect', (n * s * 31) % 7,
             'partial', 0, 'unanswered', n % 2, 'total', 10)) FROM generate_series(1, 6) s) AS breakdowns,
         (SELECT jsonb_agg(jsonb_build_object('externalId', 'challenge-' || s, 'index', s, 'state', CASE WHEN s <= n % 9 THEN 'completed' ELSE 'started' END,
             'attempts', 1 + (n * s) % 3, 'startedAt', '2026-01-01T10:00:00Z',
             'completedAt', CASE WHEN s <= n % 9 THEN to_char(timestamp '2026-01-01 10:00' + make_interval(secs => 60 + (n * s) % 900), 'YYYY-MM-DD"T"HH24:MI:SS"Z"') END))
            FROM generate_series(1, 8) s) AS steps
  FROM generate_series(0, 999) n`;

const ATTEMPTS = `
  INSERT INTO attempts (workspace, id, source_id, provider, learner_id, activity_id, state, outcome, score, max_score, percentage,
    correct_count, incorrect_count, total_questions, time_spent_seconds, time_kind, opened_at, started_at, completed_at, ended_at,
    last_at, verification, responses, breakdowns, steps, facts)
  SELECT 1, md5('attempt ' || i)::uuid, md5('source ' || p.provider)::uuid, p.provider, md5('learner ' || w.learner)::uuid,
         md5('activity ' || w.activity)::uuid, s.state,
         CASE WHEN s.state = 'completed' AND p.provider = 'testpress' THEN CASE WHEN g.percentage >= 50 THEN 'passed' ELSE 'failed' END END,
         CASE WHEN s.state = 'completed' THEN g.percentage / 10 END, CASE WHEN s.state = 'completed' THEN 10 END,
         CASE WHEN s.state = 'completed' THEN g.percentage END,
         CASE WHEN s.state = 'completed' THEN (g.percentage / 10)::int END, CASE WHEN s.state = 'completed' THEN 10 - (g.percentage / 10)::int END, 10,
         CASE WHEN s.state <> 'started' THEN 60 + i % 1200 END, CASE WHEN s.state <> 'started' THEN 'reported' END,
         t.at, t.at, CASE WHEN s.state = 'completed' THEN t.at + d.took END, CASE WHEN s.state <> 'started' THEN t.at + d.took END, t.at + d.took,
         CASE WHEN p.provider IN ('synap', 'easygenerator') THEN 'token' WHEN p.provider = 'testpress' THEN 'signature_partial' ELSE 'signature' END,
         CASE WHEN p.provider IN ('quizapi', 'synap') AND s.state = 'completed' THEN b.responses END,
         CASE WHEN p.provider = 'testpress' AND s.state = 'completed' THEN b.breakdowns END,
         CASE WHEN p.provider = 'instruqt' THEN b.steps END,
         json_build_array(json_build_object('k', 'fact ' || i, 't', 'attempt.completed', 's', i, 'r', md5('receipt ' || i), 'v', 'signature', 'at', t.at))
  FROM generate_series($1::int, $2::int - 1) i
  -- A retake follows its attempt by 1 to 40 places.
  CROSS JOIN LATERAL (SELECT CASE WHEN i % 5 = 0 AND i > 50 THEN i - 1 - i / 5 % 40 ELSE i END AS n) again
  CROSS JOIN LATERAL (SELECT hashint4(again.n)::bigint + 2147483648 AS a, hashint4(again.n + 7)::bigint + 2147483648 AS b) r
  CROSS JOIN LATERAL (SELECT 1 + floor($4::int * power(r.a / 4294967296.0, 1.3))::int AS learner,
                             floor($5::int * power(r.b / 4294967296.0, 2.5))::int AS activity) w
  CROSS JOIN LATERAL (SELECT ((hashint4(i + 3)::bigint + 2147483648) % 11 * 10)::float8 AS percentage) g
  CROSS JOIN LATERAL (SELECT (ARRAY['quizapi','testpress','synap','instruqt','easygenerator'])[1 + w.activity % 5] AS provider) p
  CROSS JOIN LATERAL (SELECT CASE i % 25 WHEN 7 THEN 'abandoned' WHEN 8 THEN 'started' ELSE 'completed' END AS state) s
  CROSS JOIN LATERAL (SELECT date_trunc('day', now() - interval '730 days' * (1 - i::float8 / $3::int))
                             + make_interval(secs => 6 * 3600 + (i::bigint * 7919) % 50400) - interval '1 day' AS at) t
  CROSS JOIN LATERAL (SELECT make_interval(secs => 60 + i % 1200) AS took) d
  JOIN bench_answers b ON b.n = i % 1000`;

/** Answers of the largest activities only: the others are made the same way. */
const MOST_BODIES = 12;

/**
 * What rollUp would write, in one statement: every attempt here is alone or followed by a retake, none is excluded. test/integration/
 * rollups.test.ts is where rows are proved right; here only their number and spread matter, and `best` is taken as the first.
 */
const NARROW = `
  INSERT INTO figure_attempts (workspace, variant, attempt_id, learner_id, activity_id, source_id, provider, state, left_out,
    verification, token, opened_at, done_at, at, active_at, percentage, passed, seconds, time_kind, told_start, step_gap, areas, own,
    first_before, last_after, best_before)
  SELECT 1, v.variant, a.id, a.learner_id, a.activity_id, a.source_id, a.provider, a.state,
         CASE WHEN v.variant = 2 THEN 'unverified' END, a.verification, a.verification = 'token', a.opened_at, a.ended_at,
         coalesce(a.ended_at, a.opened_at), coalesce(a.ended_at, a.last_at), a.percentage, ${passedSql('a', 't')},
         a.time_spent_seconds, a.time_kind, ${toldStartSql('a')}, ${stepGapSql('a')},
         CASE WHEN a.state = 'completed' THEN ${attemptAreas('a')} END, 'last',
         CASE WHEN a.state = 'completed' AND v.variant < 2 THEN a.before END,
         CASE WHEN a.state = 'completed' AND v.variant < 2 THEN a.after END,
         CASE WHEN a.state = 'completed' AND v.variant < 2 THEN a.before END
  FROM (SELECT x.*, lag(x.completed_at) OVER w AS before, lead(x.completed_at) OVER w AS after FROM attempts x
        WINDOW w AS (PARTITION BY x.learner_id, x.activity_id, x.state ORDER BY x.completed_at, x.id)) a
  JOIN activities t ON t.workspace = 1 AND t.id = a.activity_id
  CROSS JOIN LATERAL (SELECT unnest(CASE WHEN a.verification = 'token' THEN '{1,2}'::int[] ELSE '{0}' END) AS variant) v`;

const PLACES = `INSERT INTO figure_learners (workspace, learner_id, place)
  SELECT 1, x.learner_id, row_number() OVER () - 1
  FROM (SELECT DISTINCT learner_id FROM figure_attempts WHERE left_out IS NULL) x`;

/** What markPeople (src/progress/rollups/people.ts) would write. */
const PEOPLE = `
  INSERT INTO figure_people (workspace, span, starts, block, active, scored, active_proved, scored_proved)
  SELECT 1, x.span, x.starts, x.place / ${BLOCK}, ${['active', 'scored', 'active_proved', 'scored_proved']
    .map((name) => `bit_or(CASE WHEN x.${name} THEN ${bitOf('x.place')} ELSE ${NO_BITS} END)`)
    .join(', ')}
  FROM (
    SELECT e.span, e.starts, l.place, bool_or(f.variant < 2) AS active, bool_or(f.variant < 2 AND f.percentage IS NOT NULL) AS scored,
           bool_or(f.variant <> 1) AS active_proved, bool_or(f.variant <> 1 AND f.percentage IS NOT NULL) AS scored_proved
    FROM figure_attempts f
    JOIN figure_learners l ON l.workspace = 1 AND l.learner_id = f.learner_id
    CROSS JOIN LATERAL (
      VALUES ('day', (f.active_at AT TIME ZONE 'UTC')::date), ('month', date_trunc('month', f.active_at AT TIME ZONE 'UTC')::date)
    ) e (span, starts)
    WHERE f.left_out IS NULL GROUP BY 1, 2, 3
  ) x GROUP BY 2, 3, 4`;
