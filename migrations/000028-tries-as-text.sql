-- The tries of a delivery are written thousands of times a second and read when somebody looks. Taken apart and put together again as jsonb
-- they were a fifth of what writing a result cost (docs/performance.md, "Deliveries"). Rewrites the log once: some seconds a million rows.

ALTER TABLE deliveries
  ALTER COLUMN tries DROP DEFAULT,
  ALTER COLUMN tries TYPE text USING tries::text,
  ALTER COLUMN tries SET DEFAULT '[]';
COMMENT ON COLUMN deliveries.tries IS 'JSON of a list of {at, statusCode, durationMs, error}, oldest first.';

-- What was sent and what came back belongs to the try that began at the same time: nobody has to count the tries to write it.
ALTER TABLE delivery_exchanges DROP COLUMN try;
