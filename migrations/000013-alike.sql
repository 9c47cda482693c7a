-- Which texts several learners share, so that suggesting who may be one person reads those and not everybody
-- (src/people/alike.ts). Written by the worker, off the way of a webhook; the list asks the learners and identities themselves
-- whether it still holds, so that a row too many does no harm. Goes with the learner.
CREATE TABLE alike_values (
  workspace integer NOT NULL,
  -- The kind of evidence, as in src/people/suggestions.ts.
  tier smallint NOT NULL,
  value text NOT NULL,
  -- Whose it is: one of those who share it, or several.
  learner_id uuid NOT NULL,
  PRIMARY KEY (workspace, tier, value, learner_id),
  FOREIGN KEY (workspace, learner_id) REFERENCES learners (workspace, id) ON DELETE CASCADE
);
CREATE INDEX alike_values_learner ON alike_values (workspace, learner_id);

-- Learners whose address, name or ids came or changed since. No index: the projection, which makes learners, only appends.
CREATE TABLE alike_marks (
  workspace integer NOT NULL,
  learner_id uuid NOT NULL
) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000, autovacuum_analyze_scale_factor = 0,
  autovacuum_analyze_threshold = 50000);

-- Whose id on a platform is this address. Few ids are addresses, so it costs a new learner next to nothing.
CREATE INDEX identities_address ON identities (workspace, lower(external_id)) WHERE external_id LIKE '%@%';

CREATE FUNCTION mark_alike_learners() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO alike_marks (workspace, learner_id)
  SELECT workspace, id FROM changed WHERE email_key IS NOT NULL OR name_key IS NOT NULL;
  RETURN NULL;
END $$;
CREATE TRIGGER learners_added_alike AFTER INSERT ON learners REFERENCING NEW TABLE AS changed
  FOR EACH STATEMENT EXECUTE FUNCTION mark_alike_learners();

CREATE FUNCTION mark_alike_identities() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO alike_marks (workspace, learner_id) SELECT workspace, learner_id FROM changed;
  RETURN NULL;
END $$;
CREATE TRIGGER identities_added_alike AFTER INSERT ON identities REFERENCING NEW TABLE AS changed
  FOR EACH STATEMENT EXECUTE FUNCTION mark_alike_identities();

-- Row by row, and only for the rows that changed: PostgreSQL gives no transition table to triggers on columns.
CREATE FUNCTION mark_alike_learner() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO alike_marks (workspace, learner_id) VALUES (NEW.workspace, NEW.id);
  RETURN NULL;
END $$;
CREATE TRIGGER learners_changed_alike AFTER UPDATE ON learners FOR EACH ROW
  WHEN (OLD.email_key IS DISTINCT FROM NEW.email_key OR OLD.name_key IS DISTINCT FROM NEW.name_key)
  EXECUTE FUNCTION mark_alike_learner();

CREATE FUNCTION mark_alike_identity() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO alike_marks (workspace, learner_id) VALUES (NEW.workspace, NEW.learner_id);
  RETURN NULL;
END $$;
CREATE TRIGGER identities_moved_alike AFTER UPDATE OF learner_id ON identities FOR EACH ROW
  WHEN (OLD.learner_id IS DISTINCT FROM NEW.learner_id) EXECUTE FUNCTION mark_alike_identity();

-- Of those who are here already, in one pass for each kind.
INSERT INTO alike_values (workspace, tier, value, learner_id)
SELECT workspace, 0, email_key, id FROM (
  SELECT workspace, email_key, id, count(*) OVER (PARTITION BY workspace, email_key) AS n FROM learners WHERE email_key IS NOT NULL) l
WHERE n > 1
UNION
SELECT workspace, 3, name_key, id FROM (
  SELECT workspace, name_key, id, count(*) OVER (PARTITION BY workspace, name_key) AS n FROM learners WHERE name_key IS NOT NULL) l
WHERE n > 1
UNION
SELECT i.workspace, 1, i.external_id, i.learner_id
FROM identities i JOIN learners l ON l.workspace = i.workspace AND l.email_key = lower(i.external_id) AND l.id <> i.learner_id
WHERE i.external_id LIKE '%@%' AND EXISTS (SELECT FROM learners o WHERE o.workspace = i.workspace AND o.id = i.learner_id)
UNION
SELECT i.workspace, CASE WHEN i.external_id ~ '^[0-9]{1,5}$' THEN 4 ELSE 2 END, i.external_id, i.learner_id
FROM (
  SELECT workspace, external_id, learner_id, min(provider) OVER ids AS first, max(provider) OVER ids AS last
  FROM identities WINDOW ids AS (PARTITION BY workspace, external_id)) i
JOIN learners l ON l.workspace = i.workspace AND l.id = i.learner_id
WHERE i.first <> i.last;
