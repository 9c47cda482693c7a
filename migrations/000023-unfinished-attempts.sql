-- What a learner began and did not finish: few beside all that is completed. Who needs attention is asked after every webhook,
-- and must not read a learner's whole history for it (a class's look at 500 learners: docs/performance.md, "Burst").
CREATE INDEX attempts_unfinished ON attempts (workspace, learner_id, activity_id)
  WHERE state IN ('started', 'stopped', 'abandoned');
