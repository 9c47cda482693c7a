-- A learner's results, the newest first: whether somebody fell below the class is asked after each result, and the last three of them
-- must not be looked for among all that the learner ever did (src/attention/below-class.ts, whose expression this is).
CREATE INDEX attempts_results ON attempts (workspace, learner_id, (coalesce(completed_at, ended_at, last_at)) DESC, id)
  WHERE state = 'completed' AND NOT test AND percentage IS NOT NULL;
