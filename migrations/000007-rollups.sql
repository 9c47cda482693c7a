-- Figures over many attempts, kept beside the progress (docs/decisions/0130-rollups.md).

-- Whose rows below are behind: the projection marks (learner, activity), others whole learners, activities or (both null) the
-- workspace. Written in the transaction that makes the change, emptied by the worker.
CREATE TABLE rollup_marks (
  workspace integer NOT NULL,
  learner_id uuid,
  activity_id uuid,
  marked_at timestamptz NOT NULL DEFAULT now()
  -- Every row of it dies young, like those of receipt_queue.
) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000, autovacuum_analyze_scale_factor = 0,
  autovacuum_analyze_threshold = 50000);

-- Up to when the rows below tell everything, while marks are left; without marks they are as of now.
CREATE TABLE rollup_state (
  workspace integer PRIMARY KEY,
  as_of timestamptz NOT NULL,
  -- The workspace's policies with which the rows were made: other ones make all of them stale.
  settings text NOT NULL
);

-- An attempt as figures see it (src/progress/queries/counted-attempts.ts says what counts): narrow, and with the answer to the
-- question whether a retake policy chooses it within any from and to. Policy P chooses a finished attempt in [from, to) when
-- nothing that P prefers to it lies in there: `P_before`, the latest such at or before it, is before `from` (or there is
-- none), and `P_after`, the earliest such after it, is not before `to`.
CREATE TABLE figure_attempts (
  workspace integer NOT NULL,
  -- Results that only a secret URL proves (verification 'token') count or not, as asked. 0: nothing of the learner at the
  -- activity is such, the row holds either way. Else 1: as it stands when they count; 2: when they do not.
  variant smallint NOT NULL,
  attempt_id uuid NOT NULL,
  learner_id uuid NOT NULL,
  activity_id uuid NOT NULL,
  source_id uuid NOT NULL,
  provider text NOT NULL,
  state text NOT NULL,
  left_out text CHECK (left_out IN ('test', 'revoked', 'unverified')),
  verification text NOT NULL,
  token boolean NOT NULL,
  opened_at timestamptz NOT NULL,
  done_at timestamptz,
  -- done_at, else opened_at.
  at timestamptz NOT NULL,
  -- done_at, else when it was last heard of.
  active_at timestamptz NOT NULL,
  percentage double precision,
  -- The platform's word, else by the activity's pass mark; null: nothing says.
  passed boolean,
  -- The time that counts.
  seconds double precision,
  time_kind text,
  -- Its platform tells when attempts begin.
  told_start boolean NOT NULL,
  -- Numbers of steps are missing.
  step_gap boolean NOT NULL,
  -- [[kind, name, parent, wrong, total, unanswered], …]; the name of an activity's own area is null (its title).
  areas jsonb,
  -- The retake policy of the activity, else the workspace's, when the row was made.
  own text NOT NULL,
  first_before timestamptz,
  first_after timestamptz,
  last_before timestamptz,
  last_after timestamptz,
  best_before timestamptz,
  best_after timestamptz,
  PRIMARY KEY (workspace, attempt_id, variant)
);
-- With what scores of an activity are made of, so that a large one is read from here and not from as many pages as attempts.
CREATE INDEX figure_attempts_group ON figure_attempts (workspace, activity_id, learner_id) INCLUDE (attempt_id, variant, left_out,
  state, percentage, token, done_at, at, first_before, first_after, last_before, last_after, best_before, best_after);
CREATE INDEX figure_attempts_learner ON figure_attempts (workspace, learner_id, at);
-- Who was active in a range, from the index alone.
CREATE INDEX figure_attempts_active ON figure_attempts (workspace, active_at) INCLUDE (learner_id, variant, left_out, state, percentage);
CREATE INDEX figure_attempts_opened ON figure_attempts (workspace, opened_at);
-- Retakes: what a policy chooses differently within a range are those whose span, to the nearest preferred ones on either side,
-- holds an end of it.
CREATE INDEX figure_attempts_retaken ON figure_attempts USING gist (tstzrange(
    least(first_before, last_before, best_before, done_at), greatest(first_after, last_after, best_after, done_at), '[]'))
  WHERE coalesce(first_before, first_after, last_before, last_after, best_before, best_after) IS NOT NULL;

-- Sums of figure_attempts, added to and taken from whenever a row of it comes or goes. `scope`: 'quarter' by
-- 15-minute bucket of the time a count goes by (days of zones like +05:30 are cut out of them), no key; 'provider' the
-- same, `key` is the provider, a blank, the verification; 'day' like it by UTC day; 'activity' over all time, bucket -infinity. By policy only what it chooses over all time; what it chooses differently within a range is found in
-- figure_attempts.
CREATE TABLE figure_sums (
  workspace integer NOT NULL,
  scope text NOT NULL CHECK (scope IN ('quarter', 'provider', 'day', 'activity')),
  key text NOT NULL,
  variant smallint NOT NULL,
  bucket timestamptz NOT NULL,
  attempts integer NOT NULL DEFAULT 0,
  started integer NOT NULL DEFAULT 0,
  unended integer NOT NULL DEFAULT 0,
  step_gaps integer NOT NULL DEFAULT 0,
  completed integer NOT NULL DEFAULT 0,
  -- Of one activity: people who completed it.
  learners integer NOT NULL DEFAULT 0,
  abandoned integer NOT NULL DEFAULT 0,
  no_score integer NOT NULL DEFAULT 0,
  seconds numeric NOT NULL DEFAULT 0,
  test integer NOT NULL DEFAULT 0,
  revoked integer NOT NULL DEFAULT 0,
  unverified integer NOT NULL DEFAULT 0,
  -- Of each policy: attempts in averages, the sum of their percentages, passed, failed, and how many chosen ones only a
  -- secret URL proves. `own`: each activity's own policy, else the workspace's.
  first_n integer NOT NULL DEFAULT 0,
  first_sum numeric NOT NULL DEFAULT 0,
  first_passed integer NOT NULL DEFAULT 0,
  first_failed integer NOT NULL DEFAULT 0,
  first_token integer NOT NULL DEFAULT 0,
  last_n integer NOT NULL DEFAULT 0,
  last_sum numeric NOT NULL DEFAULT 0,
  last_passed integer NOT NULL DEFAULT 0,
  last_failed integer NOT NULL DEFAULT 0,
  last_token integer NOT NULL DEFAULT 0,
  best_n integer NOT NULL DEFAULT 0,
  best_sum numeric NOT NULL DEFAULT 0,
  best_passed integer NOT NULL DEFAULT 0,
  best_failed integer NOT NULL DEFAULT 0,
  best_token integer NOT NULL DEFAULT 0,
  all_n integer NOT NULL DEFAULT 0,
  all_sum numeric NOT NULL DEFAULT 0,
  all_passed integer NOT NULL DEFAULT 0,
  all_failed integer NOT NULL DEFAULT 0,
  all_token integer NOT NULL DEFAULT 0,
  own_n integer NOT NULL DEFAULT 0,
  own_sum numeric NOT NULL DEFAULT 0,
  own_passed integer NOT NULL DEFAULT 0,
  own_failed integer NOT NULL DEFAULT 0,
  own_token integer NOT NULL DEFAULT 0,
  PRIMARY KEY (workspace, scope, variant, key, bucket)
) WITH (fillfactor = 80);

-- The days of a zone are made of quarter hours: of years that is too many wide rows to read.
CREATE INDEX figure_sums_quarters ON figure_sums (workspace, variant, bucket) INCLUDE (started, completed, first_n, first_sum, last_n,
  last_sum, best_n, best_sum, all_n, all_sum, own_n, own_sum) WHERE scope = 'quarter';

-- When each learner who has an attempt that counts was last active and last completed something with a percentage; with and
-- without results that only a secret URL proves. One narrow table that is read whole: how many people a range has.
CREATE TABLE figure_learners (
  workspace integer NOT NULL,
  learner_id uuid NOT NULL,
  active_at timestamptz,
  scored_at timestamptz,
  active_proved_at timestamptz,
  scored_proved_at timestamptz,
  PRIMARY KEY (workspace, learner_id)
) WITH (fillfactor = 80);

-- Wrong and all answers by area, of each learner's last attempt at an activity: by UTC day, by UTC month, and over all
-- time (starts -infinity).
CREATE TABLE figure_areas (
  workspace integer NOT NULL,
  span text NOT NULL CHECK (span IN ('day', 'month', 'all')),
  variant smallint NOT NULL,
  starts date NOT NULL,
  activity_id uuid NOT NULL,
  kind text NOT NULL,
  name text NOT NULL,
  parent text NOT NULL,
  wrong double precision NOT NULL DEFAULT 0,
  total double precision NOT NULL DEFAULT 0,
  unanswered double precision NOT NULL DEFAULT 0,
  learners integer NOT NULL DEFAULT 0,
  PRIMARY KEY (workspace, span, variant, starts, activity_id, kind, name, parent)
) WITH (fillfactor = 80);

-- Figures of an activity that are made of its answers or steps and whose attempts are too many to read for each request: whole
-- answers, for the figure's usual policy over all time, made anew from time to time.
CREATE TABLE figure_bodies (
  workspace integer NOT NULL,
  activity_id uuid NOT NULL,
  -- 'items', 'funnel'.
  figure text NOT NULL,
  -- Policy and whether unverified results count: 'first include'.
  choice text NOT NULL,
  body jsonb NOT NULL,
  as_of timestamptz NOT NULL,
  -- What making it took, so that large ones are made seldom.
  took_ms integer NOT NULL,
  PRIMARY KEY (workspace, activity_id, figure, choice)
);
-- Activities of which something changed since. A table of its own: one job only adds, another only takes, and neither waits.
CREATE TABLE figure_body_marks (
  workspace integer NOT NULL,
  activity_id uuid NOT NULL
);
CREATE INDEX figure_body_marks_activity ON figure_body_marks (workspace, activity_id);

-- What people tell of an activity's questions where the platform sends no texts, keys or topics.
CREATE TABLE activity_items (
  workspace integer NOT NULL,
  activity_id uuid NOT NULL,
  question_id text NOT NULL,
  position integer NOT NULL,
  text text,
  -- [{answerId, text, correct}]
  choices jsonb NOT NULL DEFAULT '[]',
  topics text[] NOT NULL DEFAULT '{}',
  PRIMARY KEY (workspace, activity_id, question_id)
);

-- The lists of the dashboard.
CREATE INDEX activities_created ON activities (workspace, created_at, id);
