-- People. Name and e-mail are the newest that a platform told, unless a person set them (name_by, email_by = 'person').
CREATE TABLE learners (
  workspace integer NOT NULL,
  id uuid NOT NULL,
  name text,
  name_at timestamptz,
  name_by text NOT NULL DEFAULT 'platform' CHECK (name_by IN ('platform', 'person')),
  email text,
  email_at timestamptz,
  email_by text NOT NULL DEFAULT 'platform' CHECK (email_by IN ('platform', 'person')),
  -- A test person: in no figure.
  excluded boolean NOT NULL DEFAULT false,
  -- 'test': known only from tests sent by the sources page; the first real webhook lifts that. 'person': somebody decided.
  excluded_by text NOT NULL DEFAULT 'person' CHECK (excluded_by IN ('test', 'person')),
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (workspace, id)
);
CREATE INDEX learners_email ON learners (workspace, lower(email));
-- Lists of learners, the newest first: a page of 100,000 must not sort them all.
CREATE INDEX learners_created ON learners (workspace, created_at, id);

-- Who that is on a platform. Realm: the institute, portal or organization the platform names, else the source's id.
CREATE TABLE identities (
  workspace integer NOT NULL,
  provider text NOT NULL,
  realm text NOT NULL,
  external_id text NOT NULL,
  learner_id uuid NOT NULL,
  source_id uuid NOT NULL,
  attributes jsonb NOT NULL DEFAULT '{}',
  attributes_at timestamptz,
  -- Mentioned only by tests so far.
  test_only boolean NOT NULL DEFAULT false,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (workspace, realm, external_id, provider)
);
CREATE INDEX identities_learner ON identities (workspace, learner_id);
CREATE INDEX identities_external ON identities (workspace, external_id);

CREATE TABLE activities (
  workspace integer NOT NULL,
  id uuid NOT NULL,
  source_id uuid NOT NULL,
  provider text NOT NULL,
  realm text NOT NULL,
  external_id text NOT NULL,
  kind text NOT NULL,
  title text,
  title_at timestamptz,
  due_at timestamptz,
  due_told_at timestamptz,
  due_by text NOT NULL DEFAULT 'platform' CHECK (due_by IN ('platform', 'person')),
  pass_percentage double precision,
  -- Retake policy of this activity's figures; null: the workspace's.
  attempts_policy text CHECK (attempts_policy IN ('first', 'last', 'best', 'all')),
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (workspace, id)
);

-- One learner's go at one activity. `facts` is what it was folded from (src/progress/fold); everything else in the row is a
-- function of it, so any order of arrival ends in the same row. Answers, breakdowns and steps stand in arrays here, a row per
-- attempt instead of a row per answer (measured: docs/decisions/0005-array-per-attempt.md).
CREATE TABLE attempts (
  workspace integer NOT NULL,
  id uuid NOT NULL,
  source_id uuid NOT NULL,
  provider text NOT NULL,
  -- The platform's own id of the attempt; null where it names none (attempts cut from facts).
  external_id text,
  -- Null until a receipt says whose and what it is (Synap's overrides name only the attempt).
  learner_id uuid,
  activity_id uuid,
  state text NOT NULL CHECK (state IN ('started', 'submitted', 'completed', 'abandoned', 'stopped', 'revoked')),
  outcome text CHECK (outcome IN ('passed', 'failed')),
  score double precision,
  max_score double precision,
  percentage double precision,
  correct_count integer,
  incorrect_count integer,
  partial_count integer,
  unanswered_count integer,
  total_questions integer,
  time_spent_seconds double precision,
  time_kind text CHECK (time_kind IN ('reported', 'wall_clock')),
  -- When it began, or else the first we know of it: never null, orders lists.
  opened_at timestamptz NOT NULL,
  started_at timestamptz,
  completed_at timestamptz,
  -- When it ended in whatever way: completed, abandoned, stopped.
  ended_at timestamptz,
  last_at timestamptz NOT NULL,
  verification text NOT NULL,
  test boolean NOT NULL DEFAULT false,
  responses jsonb,
  breakdowns jsonb,
  steps jsonb,
  certificate jsonb,
  platform jsonb,
  history jsonb,
  -- json, not jsonb: only ever read whole, and written with every change.
  facts json NOT NULL,
  -- Attempts cut from facts: the keys of the facts this id was ever anchored on, so that a rebuild finds the same id.
  anchors text[],
  PRIMARY KEY (workspace, id)
  -- toast_tuple_target: as for the partitions of receipts, no row of ordinary size is compressed.
) WITH (fillfactor = 90, toast_tuple_target = 8160);
CREATE INDEX attempts_learner ON attempts (workspace, learner_id, activity_id);
CREATE INDEX attempts_activity ON attempts (workspace, activity_id, opened_at);
CREATE INDEX attempts_opened ON attempts (workspace, opened_at, id);
-- Emptied by a rebuild, waiting for their facts: nearly always none.
CREATE INDEX attempts_emptied ON attempts (workspace) WHERE facts::text = '[]';

-- What facts outside of attempts (reviews, invitations, environments) have been told of, by event id: told again in other
-- bytes they are no new event. Facts of attempts need no such table, the attempt's own row knows them.
CREATE TABLE told_facts (
  workspace integer NOT NULL,
  event_id uuid NOT NULL,
  PRIMARY KEY (workspace, event_id)
);

-- The feed: what changed the record, in an order that readers can rely on. `seq` is taken under a per-workspace lock that
-- is held to the commit, so a position is readable only when nothing before it can still commit.
CREATE SEQUENCE event_seq AS bigint CACHE 1;
CREATE TABLE events (
  workspace integer NOT NULL,
  seq bigint NOT NULL,
  recorded_at timestamptz NOT NULL,
  id uuid NOT NULL,
  type text NOT NULL,
  occurred_at timestamptz NOT NULL,
  received_at timestamptz NOT NULL,
  source_id uuid,
  receipt_seq bigint,
  -- The receipt's key: its public id is the first 16 bytes.
  receipt_key bytea,
  verification text,
  test boolean NOT NULL DEFAULT false,
  learner_id uuid,
  activity_id uuid,
  attempt_id uuid,
  -- {attempt, previous, data}: the attempt as it stood. Learner, activity and source are looked up when read, so that an
  -- erased name is gone from here too.
  payload json NOT NULL,
  PRIMARY KEY (workspace, seq, recorded_at)
) PARTITION BY RANGE (recorded_at);
CREATE INDEX events_receipt ON events (workspace, receipt_seq);
CREATE INDEX events_learner ON events (workspace, learner_id, seq);
SELECT ensure_partitions();

-- Drops the feed's months that ended before `cutoff`, and keeps the number up to which events are gone: a reader whose cursor
-- lies before it is told so (event: reset) instead of missing them without a word.
CREATE FUNCTION drop_events_before(cutoff timestamptz) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  part record;
  dropped bigint := 0;
  newest bigint;
BEGIN
  PERFORM pg_advisory_xact_lock(7302, 1);
  FOR part IN
    SELECT c.oid::regclass AS name,
           (regexp_match(pg_get_expr(c.relpartbound, c.oid), 'TO \(''([^'']+)''\)'))[1]::timestamptz AS upto
    FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
    WHERE i.inhparent = 'events'::regclass
  LOOP
    -- The default partition has no upper bound.
    CONTINUE WHEN part.upto IS NULL OR part.upto > cutoff;
    EXECUTE format('SELECT max(seq) FROM %s', part.name) INTO newest;
    dropped := greatest(dropped, coalesce(newest, 0));
    EXECUTE format('DROP TABLE %s', part.name);
  END LOOP;
  INSERT INTO instance (name, value) VALUES ('events_dropped_to', dropped::text)
  ON CONFLICT (name) DO UPDATE SET value = greatest(instance.value::bigint, excluded.value::bigint)::text;
END $$;
