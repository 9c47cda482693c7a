-- Order of arrival, over all sources.
CREATE SEQUENCE receipt_seq AS bigint CACHE 1;

-- De-duplication keys, kept for ever: `key` is SHA-256 over (workspace, source, the sender's message id or SHA-256 of the
-- body), and the receipt's public id is its first 16 bytes. A table of its own, because a partitioned table cannot hold a
-- unique key that leaves its partition column out. Updated in place (duplicates), hence the fill factor.
CREATE TABLE receipt_keys (
  workspace integer NOT NULL,
  key bytea NOT NULL,
  seq bigint NOT NULL,
  received_at timestamptz NOT NULL,
  duplicates integer NOT NULL DEFAULT 0,
  PRIMARY KEY (workspace, key)
) WITH (fillfactor = 90);

-- Webhooks as they arrived: append-only, never updated. Their status is where they stand: in `receipt_queue` pending, in
-- `receipt_outcomes` what that says, in neither processed.
CREATE TABLE receipts (
  workspace integer NOT NULL,
  seq bigint NOT NULL,
  received_at timestamptz NOT NULL,
  key bytea NOT NULL,
  source_id uuid NOT NULL,
  verification text NOT NULL,
  -- `?event=` of the ingest URL (Synap).
  event_name text,
  -- Sent by POST sources/{id}/test: in no figure.
  test boolean NOT NULL DEFAULT false,
  -- JSON object of lower-case names, credentials redacted. Text, because the database never looks inside.
  headers text NOT NULL,
  body bytea NOT NULL,
  PRIMARY KEY (workspace, seq, received_at)
) PARTITION BY RANGE (received_at);

-- What waits to be projected. Rows are claimed with FOR UPDATE SKIP LOCKED and deleted in the transaction that writes the
-- progress, so a crash gives them back.
CREATE TABLE receipt_queue (
  workspace integer NOT NULL,
  seq bigint NOT NULL,
  received_at timestamptz NOT NULL,
  -- 'new': first time. 'replay': asked for again. 'rebuild': progress was cleared; events are in the feed already.
  mode text NOT NULL DEFAULT 'new' CHECK (mode IN ('new', 'replay', 'rebuild')),
  PRIMARY KEY (workspace, seq)
  -- Every row of it dies young: vacuum often, or claims wade through the dead.
) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000, autovacuum_analyze_scale_factor = 0,
  autovacuum_analyze_threshold = 50000);

-- Receipts that are not plainly processed.
CREATE TABLE receipt_outcomes (
  workspace integer NOT NULL,
  seq bigint NOT NULL,
  received_at timestamptz NOT NULL,
  source_id uuid NOT NULL,
  status text NOT NULL CHECK (status IN ('ignored', 'unmapped', 'failed')),
  -- For people: why.
  detail text NOT NULL,
  at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (workspace, seq)
);
CREATE INDEX receipt_outcomes_status ON receipt_outcomes (workspace, status, seq);

-- Refused requests: bounded, best effort.
CREATE TABLE rejections (
  workspace integer NOT NULL,
  id bigint GENERATED ALWAYS AS IDENTITY,
  source_id uuid NOT NULL,
  at timestamptz NOT NULL,
  reason text NOT NULL,
  hint text NOT NULL,
  headers text NOT NULL,
  -- The first bytes only.
  body bytea NOT NULL,
  body_bytes integer NOT NULL,
  PRIMARY KEY (workspace, id)
);
CREATE INDEX rejections_source ON rejections (workspace, source_id, id);

-- Makes the partitions of this month and the three after it. Called at each start and daily by the worker; an insert
-- for which no partition stands would be refused, hence the default partition as the last resort. toast_tuple_target: rows
-- of 2 to 8 KB would else be compressed one by one, which was the largest single cost of storing a webhook (pglz).
CREATE FUNCTION ensure_partitions(months_ahead integer DEFAULT 3) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  parent text;
  first date;
  name text;
BEGIN
  PERFORM pg_advisory_xact_lock(7302, 1);
  FOREACH parent IN ARRAY ARRAY['receipts', 'events'] LOOP
    CONTINUE WHEN to_regclass(parent) IS NULL;
    FOR i IN 0..months_ahead LOOP
      first := (date_trunc('month', now() AT TIME ZONE 'UTC') + make_interval(months => i))::date;
      name := format('%s_%s', parent, to_char(first, 'YYYY_MM'));
      IF to_regclass(name) IS NULL THEN
        EXECUTE format('CREATE TABLE %I PARTITION OF %I FOR VALUES FROM (%L) TO (%L) WITH (toast_tuple_target = 8160)', name, parent,
          to_char(first, 'YYYY-MM-DD') || ' 00:00:00+00', to_char(first + interval '1 month', 'YYYY-MM-DD') || ' 00:00:00+00');
      END IF;
    END LOOP;
    IF to_regclass(parent || '_default') IS NULL THEN
      EXECUTE format('CREATE TABLE %I PARTITION OF %I DEFAULT WITH (toast_tuple_target = 8160)', parent || '_default', parent);
    END IF;
  END LOOP;
END $$;
SELECT ensure_partitions();
