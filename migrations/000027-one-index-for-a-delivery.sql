-- The same for the log (000026): in a week that has just begun the planner takes it for nearly empty, and looked a result's row up along
-- whichever index begins with the workspace, through all that lies there. Endpoints, events and learners name their workspace already.
-- The index of what failed stays as it is: it can answer nothing else.

DROP INDEX deliveries_endpoint, deliveries_event, deliveries_learner;
CREATE INDEX deliveries_endpoint ON deliveries (endpoint_id, id);
CREATE INDEX deliveries_event ON deliveries (event_id, endpoint_id);
CREATE INDEX deliveries_learner ON deliveries (learner_id, id) WHERE learner_id IS NOT NULL;
