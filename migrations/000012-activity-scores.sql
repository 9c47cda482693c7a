-- Scores, days, items and receipts of one activity are read from one index in the order of time, without its table: the newest
-- attempts, or those of a range, without looking at the others. The index that was for it had them in the order of learners;
-- it keeps only what finding a learner's attempts at an activity needs, so both together are smaller than it was, and writing
-- them costs the worker no more.
CREATE INDEX figure_attempts_activity ON figure_attempts (workspace, activity_id, at, attempt_id) INCLUDE (variant, learner_id, left_out,
  state, percentage, token, passed, verification, first_before, first_after, last_before, last_after, best_before, best_after);
DROP INDEX figure_attempts_group;
CREATE INDEX figure_attempts_group ON figure_attempts (workspace, activity_id, learner_id);
