-- Classes (cohorts), who is in them and why, and what lists of learners are searched and sorted by.

-- For search and for sorting names: small letters without marks, so that "ozil" finds "Özil" and Ö stands beside O whatever the
-- database's locale is.
CREATE FUNCTION plain_text(told text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT
RETURN lower(regexp_replace(normalize(told, NFD), U&'[\0300-\036F]', '', 'g'));

CREATE TABLE cohorts (
  workspace integer NOT NULL,
  id uuid NOT NULL,
  name text NOT NULL,
  description text,
  -- {"any": [condition, …]} with the activity of a condition as UUID (src/cohorts/rule.ts); null: filled by hand only.
  rule jsonb,
  -- What platforms call it (sources.identity_from, key `cohort`): stays when a person renames the cohort.
  told_name text,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (workspace, id)
);
-- A roster names cohorts, so a name means one.
CREATE UNIQUE INDEX cohorts_name ON cohorts (workspace, lower(name));
CREATE UNIQUE INDEX cohorts_told_name ON cohorts (workspace, told_name);

CREATE TABLE cohort_members (
  workspace integer NOT NULL,
  cohort_id uuid NOT NULL,
  learner_id uuid NOT NULL,
  -- 'hand': somebody picked the person; 'list': named in a list or a roster; 'rule': fits the rule, and leaves when that no
  -- longer holds.
  origin text NOT NULL CHECK (origin IN ('hand', 'list', 'rule')),
  added_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (workspace, cohort_id, learner_id),
  FOREIGN KEY (workspace, cohort_id) REFERENCES cohorts (workspace, id) ON DELETE CASCADE
);
CREATE INDEX cohort_members_learner ON cohort_members (workspace, learner_id, cohort_id);

-- Taken out by hand though the rule fits: the rule does not bring them back.
CREATE TABLE cohort_removals (
  workspace integer NOT NULL,
  cohort_id uuid NOT NULL,
  learner_id uuid NOT NULL,
  PRIMARY KEY (workspace, cohort_id, learner_id),
  FOREIGN KEY (workspace, cohort_id) REFERENCES cohorts (workspace, id) ON DELETE CASCADE
);

-- Which invitations a person came by, under the learner of the platform's identity whoever that was merged into. Kept apart
-- because the feed forgets its old months.
CREATE TABLE learner_invites (
  workspace integer NOT NULL,
  invite text NOT NULL,
  learner_id uuid NOT NULL,
  PRIMARY KEY (workspace, invite, learner_id)
);
CREATE INDEX learner_invites_learner ON learner_invites (workspace, learner_id);
INSERT INTO learner_invites (workspace, invite, learner_id)
SELECT workspace, platform ->> 'invite_id', learner_id FROM attempts
WHERE NOT test AND learner_id IS NOT NULL AND platform ->> 'invite_id' <> ''
UNION
SELECT workspace, payload #>> '{data,invite,invite_id}', learner_id FROM events
WHERE type = 'invite.claimed' AND NOT test AND learner_id IS NOT NULL AND payload #>> '{data,invite,invite_id}' <> '';

-- Totals of each learner who has an attempt that counts, by the policy of learners' pages: lists are sorted by them. Written by
-- src/progress/rollups (migration 000007 adds nothing here); read by src/progress/queries/list-learners.ts. No row: never started.
CREATE TABLE learner_totals (
  workspace integer NOT NULL,
  learner_id uuid NOT NULL,
  attempts_completed integer NOT NULL DEFAULT 0,
  attempts_started integer NOT NULL DEFAULT 0,
  average_percentage double precision,
  last_activity_at timestamptz,
  PRIMARY KEY (workspace, learner_id)
) WITH (fillfactor = 80);
CREATE INDEX learner_totals_last_activity ON learner_totals (workspace, last_activity_at, learner_id) WHERE last_activity_at IS NOT NULL;
CREATE INDEX learner_totals_average ON learner_totals (workspace, average_percentage, learner_id) WHERE average_percentage IS NOT NULL;

-- 'roster': an administrator vouches for the address; mail goes to no other.
ALTER TABLE learners DROP CONSTRAINT learners_email_by_check;
ALTER TABLE learners ADD CONSTRAINT learners_email_by_check CHECK (email_by IN ('platform', 'person', 'roster'));

-- Named by a roster before the platform told the realm: the first webhook with this id brings it (src/progress/project/people.ts).
ALTER TABLE identities ADD COLUMN roster boolean NOT NULL DEFAULT false;

-- What a search looks through, in the row itself: one pass over 100,000 rows takes less than the joins it spares
-- (docs/decisions/0110-search-without-extension.md). The line breaks keep a search from matching across two of them.
ALTER TABLE learners ADD COLUMN external_ids text;
UPDATE learners l SET external_ids = (
  SELECT string_agg(i.external_id, E'\n' ORDER BY i.external_id) FROM identities i
  WHERE i.workspace = l.workspace AND i.learner_id = l.id);
ALTER TABLE learners ADD COLUMN sort_name text GENERATED ALWAYS AS (plain_text(name)) STORED;
ALTER TABLE learners ADD COLUMN search_text text GENERATED ALWAYS AS (
  plain_text(coalesce(name, '') || E'\n' || coalesce(email, '') || E'\n' || coalesce(external_ids, ''))) STORED;
CREATE INDEX learners_name ON learners (workspace, sort_name, id) WHERE sort_name IS NOT NULL;

-- Whoever makes a learner with its identity writes both, so that this finds nothing to do. EXECUTE: a function keeps its plans,
-- and one made while the table was empty reads all of it for each row of a large import.
CREATE FUNCTION keep_external_ids() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE $sql$
    UPDATE learners l SET external_ids = told.ids
    FROM (SELECT DISTINCT workspace, learner_id FROM changed) c
    CROSS JOIN LATERAL (
      SELECT string_agg(i.external_id, E'\n' ORDER BY i.external_id) AS ids FROM identities i
      WHERE i.workspace = c.workspace AND i.learner_id = c.learner_id) told
    WHERE l.workspace = c.workspace AND l.id = c.learner_id AND l.external_ids IS DISTINCT FROM told.ids
  $sql$;
  RETURN NULL;
END $$;
CREATE TRIGGER identities_added AFTER INSERT ON identities REFERENCING NEW TABLE AS changed
  FOR EACH STATEMENT EXECUTE FUNCTION keep_external_ids();
CREATE TRIGGER identities_removed AFTER DELETE ON identities REFERENCING OLD TABLE AS changed
  FOR EACH STATEMENT EXECUTE FUNCTION keep_external_ids();

-- Row by row, because PostgreSQL gives no transition table to triggers on one column, and identities change often in others.
CREATE FUNCTION move_external_ids() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE $sql$
    UPDATE learners l SET external_ids = (
      SELECT string_agg(i.external_id, E'\n' ORDER BY i.external_id) FROM identities i
      WHERE i.workspace = l.workspace AND i.learner_id = l.id)
    WHERE l.workspace = $1 AND l.id IN ($2, $3)
  $sql$ USING NEW.workspace, OLD.learner_id, NEW.learner_id;
  RETURN NULL;
END $$;
CREATE TRIGGER identities_moved AFTER UPDATE OF learner_id ON identities
  FOR EACH ROW WHEN (OLD.learner_id IS DISTINCT FROM NEW.learner_id) EXECUTE FUNCTION move_external_ids();
