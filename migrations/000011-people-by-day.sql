-- Overviews of ranges in the past read as little as those of today (docs/decisions/0130-rollups.md).

-- Who was active, and who completed something with a percentage, by UTC day and month: one bit for each learner, so that the people
-- of a range are counted by putting rows together and not by reading what each of them did. The bit of a learner stands at their place,
-- 2,048 places a row; `_proved`: without results that only a secret URL proves.
ALTER TABLE figure_learners ADD COLUMN place integer;
UPDATE figure_learners l SET place = n.place
FROM (SELECT workspace, learner_id, row_number() OVER (PARTITION BY workspace ORDER BY learner_id) - 1 AS place FROM figure_learners) n
WHERE l.workspace = n.workspace AND l.learner_id = n.learner_id;
ALTER TABLE figure_learners ALTER COLUMN place SET NOT NULL, DROP COLUMN active_at, DROP COLUMN scored_at,
  DROP COLUMN active_proved_at, DROP COLUMN scored_proved_at;
-- Finds the next free place.
CREATE UNIQUE INDEX figure_learners_place ON figure_learners (workspace, place);
CREATE TABLE figure_people (
  workspace integer NOT NULL,
  span text NOT NULL CHECK (span IN ('day', 'month')),
  starts date NOT NULL,
  block integer NOT NULL,
  active bit(2048) NOT NULL,
  scored bit(2048) NOT NULL,
  active_proved bit(2048) NOT NULL,
  scored_proved bit(2048) NOT NULL,
  PRIMARY KEY (workspace, span, starts, block)
);
INSERT INTO figure_people (workspace, span, starts, block, active, scored, active_proved, scored_proved)
SELECT x.workspace, x.span, x.starts, x.place / 2048,
       bit_or(CASE WHEN x.active THEN set_bit(0::bit(2048), x.place % 2048, 1) ELSE 0::bit(2048) END),
       bit_or(CASE WHEN x.scored THEN set_bit(0::bit(2048), x.place % 2048, 1) ELSE 0::bit(2048) END),
       bit_or(CASE WHEN x.active_proved THEN set_bit(0::bit(2048), x.place % 2048, 1) ELSE 0::bit(2048) END),
       bit_or(CASE WHEN x.scored_proved THEN set_bit(0::bit(2048), x.place % 2048, 1) ELSE 0::bit(2048) END)
FROM (
  SELECT f.workspace, e.span, e.starts, l.place, bool_or(f.variant < 2) AS active,
         bool_or(f.variant < 2 AND f.state = 'completed' AND f.percentage IS NOT NULL) AS scored, bool_or(f.variant <> 1) AS active_proved,
         bool_or(f.variant <> 1 AND f.state = 'completed' AND f.percentage IS NOT NULL) AS scored_proved
  FROM figure_attempts f
  JOIN figure_learners l ON l.workspace = f.workspace AND l.learner_id = f.learner_id
  CROSS JOIN LATERAL (
    VALUES ('day', (f.active_at AT TIME ZONE 'UTC')::date), ('month', date_trunc('month', f.active_at AT TIME ZONE 'UTC')::date)
  ) e (span, starts)
  WHERE f.left_out IS NULL
  GROUP BY 1, 2, 3, 4
) x
GROUP BY 1, 2, 3, 4;

-- Sums of six hours ('shift'), no key: days of any zone are made of them and of the quarter hours about their midnights. Sums of
-- months, `key` as of days.
ALTER TABLE figure_sums DROP CONSTRAINT figure_sums_scope_check, ADD CONSTRAINT figure_sums_scope_check
  CHECK (scope IN ('quarter', 'shift', 'provider', 'day', 'month', 'activity'));
INSERT INTO figure_sums
SELECT workspace, 'shift', key, variant, date_bin('6 hours', bucket, 'epoch'), sum(attempts), sum(started), sum(unended), sum(step_gaps),
  sum(completed), sum(learners), sum(abandoned), sum(no_score), sum(seconds), sum(test), sum(revoked), sum(unverified),
  sum(first_n), sum(first_sum), sum(first_passed), sum(first_failed), sum(first_token),
  sum(last_n), sum(last_sum), sum(last_passed), sum(last_failed), sum(last_token),
  sum(best_n), sum(best_sum), sum(best_passed), sum(best_failed), sum(best_token),
  sum(all_n), sum(all_sum), sum(all_passed), sum(all_failed), sum(all_token),
  sum(own_n), sum(own_sum), sum(own_passed), sum(own_failed), sum(own_token)
FROM figure_sums WHERE scope = 'quarter' GROUP BY 1, 2, 3, 4, 5;
INSERT INTO figure_sums
SELECT workspace, 'month', key, variant, date_trunc('month', bucket, 'UTC'), sum(attempts), sum(started), sum(unended), sum(step_gaps),
  sum(completed), sum(learners), sum(abandoned), sum(no_score), sum(seconds), sum(test), sum(revoked), sum(unverified),
  sum(first_n), sum(first_sum), sum(first_passed), sum(first_failed), sum(first_token),
  sum(last_n), sum(last_sum), sum(last_passed), sum(last_failed), sum(last_token),
  sum(best_n), sum(best_sum), sum(best_passed), sum(best_failed), sum(best_token),
  sum(all_n), sum(all_sum), sum(all_passed), sum(all_failed), sum(all_token),
  sum(own_n), sum(own_sum), sum(own_passed), sum(own_failed), sum(own_token)
FROM figure_sums WHERE scope = 'day' GROUP BY 1, 2, 3, 4, 5;
CREATE INDEX figure_sums_shifts ON figure_sums (workspace, variant, bucket) INCLUDE (started, completed, first_n, first_sum, last_n,
  last_sum, best_n, best_sum, all_n, all_sum, own_n, own_sum) WHERE scope = 'shift';

-- Areas by quarter of a year: a year is four of them and not twelve months.
ALTER TABLE figure_areas DROP CONSTRAINT figure_areas_span_check, ADD CONSTRAINT figure_areas_span_check
  CHECK (span IN ('day', 'month', 'quarter', 'all'));
INSERT INTO figure_areas (workspace, span, variant, starts, activity_id, kind, name, parent, wrong, total, unanswered, learners)
SELECT workspace, 'quarter', variant, date_trunc('quarter', starts::timestamp)::date, activity_id, kind, name, parent, sum(wrong), sum(total),
       sum(unanswered), sum(learners)
FROM figure_areas WHERE span = 'month' GROUP BY 1, 3, 4, 5, 6, 7, 8;

-- Retakes about the beginning of a range, and about its end, of each policy: a quad tree finds the spans that hold an instant (of GiST
-- two fifths of the pages were read), and the figures are made from the index alone. Of an attempt that nobody retook no index has anything.
-- figure_attempts_retaken stays for figures of all policies at once.
CREATE INDEX figure_attempts_first_before ON figure_attempts USING spgist ((tstzrange(first_before, done_at, '[]')))
  INCLUDE (workspace, variant, attempt_id, activity_id, provider, state, left_out, done_at, percentage, passed, token, own,
    first_before, first_after) WHERE first_before IS NOT NULL;
CREATE INDEX figure_attempts_first_after ON figure_attempts USING spgist ((tstzrange(done_at, first_after, '[]')))
  INCLUDE (workspace, variant, attempt_id, activity_id, provider, state, left_out, done_at, percentage, passed, token, own,
    first_before, first_after) WHERE first_after IS NOT NULL;
CREATE INDEX figure_attempts_last_before ON figure_attempts USING spgist ((tstzrange(last_before, done_at, '[]')))
  INCLUDE (workspace, variant, attempt_id, activity_id, provider, state, left_out, done_at, percentage, passed, token, own,
    last_before, last_after) WHERE last_before IS NOT NULL;
CREATE INDEX figure_attempts_last_after ON figure_attempts USING spgist ((tstzrange(done_at, last_after, '[]')))
  INCLUDE (workspace, variant, attempt_id, activity_id, provider, state, left_out, done_at, percentage, passed, token, own,
    last_before, last_after) WHERE last_after IS NOT NULL;
CREATE INDEX figure_attempts_best_before ON figure_attempts USING spgist ((tstzrange(best_before, done_at, '[]')))
  INCLUDE (workspace, variant, attempt_id, activity_id, provider, state, left_out, done_at, percentage, passed, token, own,
    best_before, best_after) WHERE best_before IS NOT NULL;
CREATE INDEX figure_attempts_best_after ON figure_attempts USING spgist ((tstzrange(done_at, best_after, '[]')))
  INCLUDE (workspace, variant, attempt_id, activity_id, provider, state, left_out, done_at, percentage, passed, token, own,
    best_before, best_after) WHERE best_after IS NOT NULL;

-- What a learner did in a range, and not all they ever did: every time of an attempt that a figure asks for lies between these two.
DROP INDEX figure_attempts_learner;
CREATE INDEX figure_attempts_learner ON figure_attempts (workspace, learner_id, greatest(opened_at, active_at),
  least(opened_at, active_at));
