-- Where events are passed on, and what became of it (docs/decisions/0160-deliveries.md).

CREATE TABLE endpoints (
  workspace integer NOT NULL REFERENCES workspaces (id),
  id uuid NOT NULL,
  kind text NOT NULL CHECK (kind IN ('webhook', 'xapi', 'email')),
  url text,
  to_address text,
  description text,
  -- Empty: all.
  event_types text[] NOT NULL DEFAULT '{}',
  -- What an event has to fit; null fits everything.
  only_provider text,
  only_activity uuid,
  only_cohort uuid,
  only_outcome text,
  only_verification text,
  rate_per_second double precision,
  ordered boolean NOT NULL DEFAULT false,
  personal_data text NOT NULL DEFAULT 'full' CHECK (personal_data IN ('full', 'pseudonym', 'none')),
  -- Without its secret parts: those stand in `sealed`, with the signing secrets (src/delivery/endpoints/sealed.ts).
  config jsonb NOT NULL DEFAULT '{}',
  sealed bytea NOT NULL,
  enabled boolean NOT NULL DEFAULT true,
  -- Why it was disabled when nobody did it by hand.
  disabled_reason text,
  disabled_at timestamptz,
  -- Since when nothing but failures; null: the last try got there.
  failing_since timestamptz,
  consecutive_failures integer NOT NULL DEFAULT 0,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  -- Grows with every change of settings: senders know by it that what they remember is old.
  version integer NOT NULL DEFAULT 1,
  -- Removed: the row stays for the log of its deliveries, without secrets and without the path of its URL.
  deleted_at timestamptz,
  PRIMARY KEY (workspace, id)
  -- Counting failures is the only frequent change, and none of its columns stands in an index.
) WITH (fillfactor = 70);
-- Planning asks with every batch whether there are any.
CREATE INDEX endpoints_enabled ON endpoints (workspace) WHERE enabled AND deleted_at IS NULL;

-- One event for one endpoint, with its tries. The body is not stored: it is made of the feed when it is sent, so that an
-- erased person is gone from what was not sent yet. By week of created_at, which is the time in the id (version 7), so that
-- whoever knows the id knows the partition.
CREATE TABLE deliveries (
  workspace integer NOT NULL,
  id uuid NOT NULL,
  created_at timestamptz NOT NULL,
  endpoint_id uuid NOT NULL,
  event_id uuid NOT NULL,
  -- Its place in the feed; null for tests, whose event stands in `test_event`.
  event_seq bigint,
  event_type text NOT NULL,
  learner_id uuid,
  attempt_id uuid,
  status text NOT NULL DEFAULT 'pending' CHECK (status IN ('pending', 'succeeded', 'failed', 'skipped')),
  -- When it was given up; not by `status`, or every success would touch every index.
  failed_at timestamptz,
  -- For people: why it was skipped or given up without a try.
  detail text,
  -- [{at, statusCode, durationMs, error}], oldest first. In the row, because it is written with it anyway; headers and answers
  -- stand in delivery_exchanges, which are kept for a shorter time.
  tries jsonb NOT NULL DEFAULT '[]',
  test_event jsonb,
  PRIMARY KEY (workspace, id, created_at)
) PARTITION BY RANGE (created_at);
CREATE INDEX deliveries_endpoint ON deliveries (workspace, endpoint_id, id);
CREATE INDEX deliveries_event ON deliveries (workspace, event_id, endpoint_id);
CREATE INDEX deliveries_learner ON deliveries (workspace, learner_id, id) WHERE learner_id IS NOT NULL;
CREATE INDEX deliveries_failed ON deliveries (workspace, endpoint_id, id) WHERE failed_at IS NOT NULL;

-- What still has to be sent, and nothing else: claiming costs the same whatever was sent before.
CREATE TABLE delivery_queue (
  workspace integer NOT NULL,
  delivery_id uuid NOT NULL,
  created_at timestamptz NOT NULL,
  endpoint_id uuid NOT NULL,
  event_seq bigint,
  -- infinity: waits for another of its order_key.
  due_at timestamptz NOT NULL,
  tries integer NOT NULL DEFAULT 0,
  -- Of ordered endpoints: learner and activity, hashed; those with the same go one after the other.
  order_key bigint,
  -- A sender has it until then; `claim` is its number, so that one who lost it writes nothing.
  lease_until timestamptz,
  claim bigint,
  PRIMARY KEY (workspace, delivery_id)
  -- As for receipt_queue: every row dies young. The fill factor keeps claims within the page.
) WITH (fillfactor = 70, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000,
  autovacuum_analyze_scale_factor = 0, autovacuum_analyze_threshold = 50000);
CREATE INDEX delivery_queue_due ON delivery_queue (workspace, endpoint_id, due_at, event_seq);
CREATE INDEX delivery_queue_order ON delivery_queue (workspace, endpoint_id, order_key, event_seq) WHERE order_key IS NOT NULL;
CREATE INDEX delivery_queue_waiting ON delivery_queue (workspace, endpoint_id) WHERE due_at = 'infinity';

-- What was sent and what came back, by week of `at`; kept for a shorter time than the rest.
CREATE TABLE delivery_exchanges (
  workspace integer NOT NULL,
  delivery_id uuid NOT NULL,
  at timestamptz NOT NULL,
  -- 1 is the first.
  try integer NOT NULL,
  -- As sent, credentials redacted. Text, because the database never looks inside.
  request_headers text NOT NULL,
  response_body text
) PARTITION BY RANGE (at);
CREATE INDEX delivery_exchanges_delivery ON delivery_exchanges (workspace, delivery_id);

-- How tries went by five minutes: `counts` by latency, in steps of a quarter (src/delivery/log/latency-steps.ts).
CREATE TABLE delivery_stats (
  workspace integer NOT NULL,
  endpoint_id uuid NOT NULL,
  bucket timestamptz NOT NULL,
  succeeded integer NOT NULL,
  failed integer NOT NULL,
  -- Of deliveries that were given up.
  exhausted integer NOT NULL,
  counts integer[] NOT NULL,
  PRIMARY KEY (workspace, endpoint_id, bucket)
) WITH (fillfactor = 70);

-- Of endpoints with a rate: how many may be sent now, shared by all senders.
CREATE TABLE endpoint_tokens (
  workspace integer NOT NULL,
  endpoint_id uuid NOT NULL,
  tokens double precision NOT NULL,
  at timestamptz NOT NULL,
  PRIMARY KEY (workspace, endpoint_id)
) WITH (fillfactor = 50);

-- Asked for with `deliver: true`: what it means is passed on, also what was before.
ALTER TABLE receipt_queue ADD COLUMN deliver boolean NOT NULL DEFAULT false;

-- Weeks (from Monday, UTC), this one and those after it, of what deliveries leave behind. Called by ensure_partitions.
CREATE FUNCTION ensure_delivery_partitions(weeks_ahead integer DEFAULT 4) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  parent text;
  first date;
  name text;
BEGIN
  FOREACH parent IN ARRAY ARRAY['deliveries', 'delivery_exchanges'] LOOP
    FOR i IN 0..weeks_ahead LOOP
      first := (date_trunc('week', now() AT TIME ZONE 'UTC') + make_interval(weeks => i))::date;
      name := format('%s_%s', parent, to_char(first, 'IYYY_"w"IW'));
      IF to_regclass(name) IS NULL THEN
        EXECUTE format('CREATE TABLE %I PARTITION OF %I FOR VALUES FROM (%L) TO (%L) WITH (fillfactor = %s)', name, parent,
          to_char(first, 'YYYY-MM-DD') || ' 00:00:00+00', to_char(first + interval '1 week', 'YYYY-MM-DD') || ' 00:00:00+00',
          CASE parent WHEN 'deliveries' THEN 60 ELSE 100 END);
      END IF;
    END LOOP;
    IF to_regclass(parent || '_default') IS NULL THEN
      EXECUTE format('CREATE TABLE %I PARTITION OF %I DEFAULT', parent || '_default', parent);
    END IF;
  END LOOP;
END $$;

CREATE OR REPLACE FUNCTION ensure_partitions(months_ahead integer DEFAULT 3) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  parent text;
  first date;
  name text;
BEGIN
  PERFORM pg_advisory_xact_lock(7302, 1);
  FOREACH parent IN ARRAY ARRAY['receipts', 'events'] LOOP
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
  PERFORM ensure_delivery_partitions();
END $$;
SELECT ensure_partitions();
