-- Ordered by its id, a learner's identities were read along the index in that order, all of the workspace's for each learner, as long as the
-- tables had no statistics: 387 ms for 500 new learners beside 6,000. OFFSET 0: found by the learner first, put in order after that.

CREATE OR REPLACE FUNCTION keep_external_ids() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE $sql$
    UPDATE learners l SET external_ids = told.ids
    FROM (SELECT DISTINCT workspace, learner_id FROM changed) c
    CROSS JOIN LATERAL (
      SELECT string_agg(own.external_id, E'\n' ORDER BY own.external_id) AS ids FROM (
        SELECT i.external_id FROM identities i
        WHERE i.workspace = c.workspace AND i.learner_id = c.learner_id OFFSET 0) own) told
    WHERE l.workspace = c.workspace AND l.id = c.learner_id AND l.external_ids IS DISTINCT FROM told.ids
  $sql$;
  RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION move_external_ids() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE $sql$
    UPDATE learners l SET external_ids = (
      SELECT string_agg(own.external_id, E'\n' ORDER BY own.external_id) FROM (
        SELECT i.external_id FROM identities i
        WHERE i.workspace = l.workspace AND i.learner_id = l.id OFFSET 0) own)
    WHERE l.workspace = $1 AND l.id IN ($2, $3)
  $sql$ USING NEW.workspace, OLD.learner_id, NEW.learner_id;
  RETURN NULL;
END $$;
