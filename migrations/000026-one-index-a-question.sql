-- A queue that was vacuumed while it was empty is empty to the planner, however much comes at once afterwards, until it is analysed; and of
-- indexes that all seem to cost nothing it takes whichever. So each question has one index that can answer it: none begins with the
-- workspace, which the ids of deliveries and endpoints name already, and what is due is asked of what is due alone.

ALTER TABLE delivery_queue DROP CONSTRAINT delivery_queue_pkey, ADD CONSTRAINT delivery_queue_pkey PRIMARY KEY (delivery_id);
DROP INDEX delivery_queue_due, delivery_queue_order, delivery_queue_waiting;
CREATE INDEX delivery_queue_due ON delivery_queue (endpoint_id, due_at, event_seq) WHERE due_at < 'infinity';
CREATE INDEX delivery_queue_order ON delivery_queue (endpoint_id, order_key, event_seq) WHERE order_key IS NOT NULL;
CREATE INDEX delivery_queue_waiting ON delivery_queue (endpoint_id) WHERE due_at = 'infinity';
