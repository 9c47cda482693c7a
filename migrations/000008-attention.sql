-- Who needs a look, what runs, how sources fare, and what was let go.

-- Attempts that are under way: few among millions, whatever came before them.
CREATE INDEX attempts_running ON attempts (workspace, last_at) WHERE state = 'started';

-- When an attempt's time is over: the exam's own end, or its duration after the start; null where neither is told. A due time
-- that a person set is a wish and ends nothing.
CREATE FUNCTION attempt_expires_at(platform jsonb, started timestamptz, kind text, due timestamptz, due_by text)
RETURNS timestamptz LANGUAGE sql STABLE PARALLEL SAFE
RETURN least(
  CASE WHEN kind IN ('exam', 'test') AND due_by = 'platform' THEN due END,
  started + CASE
    WHEN platform #>> '{exam,duration}' ~ '^\d{1,3}:[0-5]\d:[0-5]\d$' THEN (platform #>> '{exam,duration}')::interval
    WHEN jsonb_typeof(platform -> 'durationSeconds') = 'number'
      THEN make_interval(secs => least((platform ->> 'durationSeconds')::double precision, 31536000)) END);

-- One row for each time that a rule began to hold. The id is made of rule, learner, subject and occasion, so that the same is
-- never raised twice; rows of what is over stay for that. src/attention keeps them.
CREATE TABLE attention_flags (
  workspace integer NOT NULL,
  id uuid NOT NULL,
  rule text NOT NULL CHECK (rule IN ('stuck_tries', 'stuck_silence', 'idle', 'below_class', 'abandoned_twice', 'overdue')),
  learner_id uuid NOT NULL,
  -- What of the learner it is about (attempt and step, attempt, activity; empty: the learner as such): a rule holds once of each.
  subject text NOT NULL,
  activity_id uuid,
  attempt_id uuid,
  facts jsonb NOT NULL,
  -- How much it presses: the greater first.
  rank integer NOT NULL,
  -- Since when it holds, by the platforms' clocks.
  since timestamptz NOT NULL,
  raised_at timestamptz NOT NULL DEFAULT now(),
  resolved_at timestamptz,
  state text NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'acknowledged', 'snoozed')),
  -- Of the last change by a person.
  changed_at timestamptz,
  changed_by text,
  note text,
  snoozed_until timestamptz,
  PRIMARY KEY (workspace, id)
) WITH (fillfactor = 90);
CREATE UNIQUE INDEX attention_flags_standing ON attention_flags (workspace, learner_id, rule, subject) WHERE resolved_at IS NULL;
CREATE INDEX attention_flags_ranked ON attention_flags (workspace, rank DESC, since, id) WHERE resolved_at IS NULL;

-- How far the feed was looked at, and how far the rolling look at everybody has come.
CREATE TABLE attention_position (
  workspace integer PRIMARY KEY,
  seq bigint NOT NULL,
  swept_to uuid,
  sweep_began_at timestamptz
);

-- Webhooks of a source by the hour, counted behind ingest so that taking them costs nothing more.
CREATE TABLE source_hours (
  workspace integer NOT NULL,
  source_id uuid NOT NULL,
  hour timestamptz NOT NULL,
  receipts integer NOT NULL,
  last_at timestamptz NOT NULL,
  PRIMARY KEY (workspace, source_id, hour)
) WITH (fillfactor = 80);
-- Up to which receipt they are counted.
CREATE TABLE source_hours_position (
  workspace integer PRIMARY KEY,
  seq bigint NOT NULL
);
-- What is wrong with a source now; told once, when it begins.
CREATE TABLE source_troubles (
  workspace integer NOT NULL,
  source_id uuid NOT NULL,
  kind text NOT NULL CHECK (kind IN ('silent', 'rejecting')),
  since timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (workspace, source_id, kind)
);
CREATE INDEX rejections_at ON rejections (workspace, source_id, at);

-- Receipts up to this number are gone (retention): attempts that rest on them are sealed, and no rebuild touches them.
ALTER TABLE workspaces ADD COLUMN receipts_dropped_to bigint NOT NULL DEFAULT 0;
CREATE INDEX attention_flags_snoozed ON attention_flags (workspace, snoozed_until) WHERE state = 'snoozed' AND resolved_at IS NULL;

-- A person moved a due time: everybody is looked at anew instead of within the hour.
CREATE FUNCTION sweep_attention() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE attention_position SET sweep_began_at = NULL, swept_to = NULL WHERE workspace = NEW.workspace;
  RETURN NULL;
END $$;
CREATE TRIGGER activities_due_set AFTER UPDATE OF due_at ON activities
  FOR EACH ROW WHEN (NEW.due_by = 'person' AND NEW.due_at IS DISTINCT FROM OLD.due_at) EXECUTE FUNCTION sweep_attention();

-- Learners to look at though nothing came of them: merged, unmerged, or no longer (or again) a test person.
CREATE TABLE attention_touched (
  workspace integer NOT NULL,
  learner_id uuid NOT NULL,
  touched_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE FUNCTION touch_merged() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO attention_touched (workspace, learner_id)
  SELECT coalesce(NEW.workspace, OLD.workspace), id
  FROM unnest(ARRAY[NEW.id, NEW.kept_id, OLD.id, OLD.kept_id]) AS id WHERE id IS NOT NULL;
  RETURN NULL;
END $$;
CREATE TRIGGER merged_learners_changed AFTER INSERT OR UPDATE OR DELETE ON merged_learners
  FOR EACH ROW EXECUTE FUNCTION touch_merged();
CREATE FUNCTION touch_excluded() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO attention_touched (workspace, learner_id) VALUES (NEW.workspace, NEW.id);
  RETURN NULL;
END $$;
CREATE TRIGGER learners_excluded AFTER UPDATE OF excluded ON learners
  FOR EACH ROW WHEN (NEW.excluded IS DISTINCT FROM OLD.excluded) EXECUTE FUNCTION touch_excluded();
