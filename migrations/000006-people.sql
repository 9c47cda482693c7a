-- The same person under several identities: decisions of people, kept apart from what platforms tell, so that a rebuild applies
-- them again and taking one back restores what was (docs/decisions/0120-merges.md).
--
-- Everybody in a group of merged learners has a row here, the one who is kept too: the learner as its own platforms tell it. In
-- `learners` stands only the kept one, showing what the group makes of it.
CREATE TABLE merged_learners (
  workspace integer NOT NULL,
  id uuid NOT NULL,
  -- Whose page shows it now: the end of the chain of into_id.
  kept_id uuid NOT NULL,
  -- The decision: merged into this one. Null: the kept one itself.
  into_id uuid,
  at timestamptz NOT NULL DEFAULT now(),
  by text,
  name text,
  name_at timestamptz,
  name_by text NOT NULL,
  email text,
  email_at timestamptz,
  email_by text NOT NULL,
  excluded boolean NOT NULL,
  excluded_by text NOT NULL,
  created_at timestamptz NOT NULL,
  -- Rows of other rooms that went to the kept one with it, as they were: {cohorts: [...]}.
  brought jsonb NOT NULL DEFAULT '{}',
  PRIMARY KEY (workspace, id),
  CHECK ((into_id IS NULL) = (kept_id = id))
);
CREATE INDEX merged_learners_kept ON merged_learners (workspace, kept_id);

-- Whose it is by the platform's own identity, where that is not whose page shows it: only while merged. Projecting goes by this
-- one, so a merge changes nothing of how facts become attempts.
ALTER TABLE identities ADD COLUMN origin_id uuid;
ALTER TABLE attempts ADD COLUMN origin_id uuid;
ALTER TABLE events ADD COLUMN origin_id uuid;

-- A person vouches for a result that only a secret URL proves. It holds for the result as it stood: another one is not vouched for.
CREATE TABLE attempt_confirmations (
  workspace integer NOT NULL,
  attempt_id uuid NOT NULL,
  at timestamptz NOT NULL DEFAULT now(),
  by text NOT NULL,
  note text,
  state text NOT NULL,
  outcome text,
  score double precision,
  max_score double precision,
  percentage double precision,
  PRIMARY KEY (workspace, attempt_id)
);
-- When a confirmation of the attempt as it now stands was given; written with the row.
ALTER TABLE attempts ADD COLUMN confirmed_at timestamptz;

-- Persons who were erased: HMAC-SHA256 of each identity and e-mail under a key derived from GRADEWIRE_ENCRYPTION_KEY
-- (src/people/tombstones.ts). Keeps retries, imports, replays and rebuilds from bringing them back.
CREATE TABLE erased_people (
  workspace integer NOT NULL,
  hash bytea NOT NULL,
  kind text NOT NULL CHECK (kind IN ('identity', 'email', 'attempt')),
  learner_id uuid NOT NULL,
  at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (workspace, hash)
);

-- Two learners somebody said are not the same person; a < b.
CREATE TABLE dismissed_suggestions (
  workspace integer NOT NULL,
  a uuid NOT NULL,
  b uuid NOT NULL,
  at timestamptz NOT NULL DEFAULT now(),
  by text NOT NULL,
  PRIMARY KEY (workspace, a, b),
  CHECK (a < b)
);

-- A name as suggestions compare it: without accents, case, punctuation and the order of its words. Null for a name of one word:
-- half a school is called Max.
CREATE FUNCTION name_key(name text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT CASE WHEN count(*) > 1 THEN string_agg(word, ' ' ORDER BY word COLLATE "C") END
  FROM regexp_split_to_table(lower(regexp_replace(normalize(name, NFKD), '[\u0300-\u036f]', '', 'g')), '[[:space:][:punct:]]+') AS word
  WHERE word <> ''
$$;
ALTER TABLE learners ADD COLUMN name_key text GENERATED ALWAYS AS (name_key(name)) STORED;
ALTER TABLE learners ADD COLUMN email_key text GENERATED ALWAYS AS (lower(email)) STORED;
-- Read in order from end to end, without the rows: equal keys lie side by side.
CREATE INDEX learners_name_key ON learners (workspace, name_key, id) WHERE name_key IS NOT NULL;
CREATE INDEX learners_email_key ON learners (workspace, email_key, id) WHERE email_key IS NOT NULL;
CREATE INDEX identities_external_key ON identities (workspace, external_id, provider, realm, learner_id);
DROP INDEX identities_external;
