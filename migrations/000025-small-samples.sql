-- Statistics from small samples for the tables that grow with every webhook. By default ANALYZE reads 30,000 rows of them and sorts the values
-- of each column, JSON of answers and facts too: 1.1 s for `attempts`, every few seconds while a new database fills
-- (docs/decisions/0142-small-samples.md). The sample is as large as the largest target asks for, 300 rows each, so every column has to
-- ask for little; 0 is no sample at all, for columns that no statement compares.
--
-- Vacuum after inserts, which only notes that pages are visible to all, begins later for the same reason.

-- Of a partition of receipts or events, or of the table itself: a partition made later takes over neither.
CREATE FUNCTION sample_little(part regclass) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE (
    SELECT format('ALTER TABLE %s %s', part, string_agg(format('ALTER COLUMN %I SET STATISTICS %s', attname,
      CASE WHEN attname IN ('headers', 'body', 'payload', 'receipt_key') THEN 0 ELSE 20 END), ', '))
    FROM pg_attribute WHERE attrelid = part AND attnum > 0 AND NOT attisdropped);
  IF (SELECT relkind FROM pg_class WHERE oid = part) = 'r' THEN
    EXECUTE format('ALTER TABLE %s SET (autovacuum_vacuum_insert_threshold = 100000)', part);
  END IF;
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
        PERFORM sample_little(name);
      END IF;
    END LOOP;
    IF to_regclass(parent || '_default') IS NULL THEN
      EXECUTE format('CREATE TABLE %I PARTITION OF %I DEFAULT WITH (toast_tuple_target = 8160)', parent || '_default', parent);
      PERFORM sample_little(parent || '_default');
    END IF;
  END LOOP;
  PERFORM ensure_delivery_partitions();
END $$;

SELECT sample_little(relid) FROM pg_partition_tree('receipts') UNION ALL SELECT sample_little(relid) FROM pg_partition_tree('events');
SELECT sample_little('receipt_keys');

SELECT sample_little('attempts');
ALTER TABLE attempts
  ALTER COLUMN score SET STATISTICS 0, ALTER COLUMN max_score SET STATISTICS 0,
  ALTER COLUMN correct_count SET STATISTICS 0, ALTER COLUMN incorrect_count SET STATISTICS 0, ALTER COLUMN partial_count SET STATISTICS 0,
  ALTER COLUMN unanswered_count SET STATISTICS 0, ALTER COLUMN total_questions SET STATISTICS 0,
  ALTER COLUMN time_spent_seconds SET STATISTICS 0, ALTER COLUMN time_kind SET STATISTICS 0,
  ALTER COLUMN responses SET STATISTICS 0, ALTER COLUMN breakdowns SET STATISTICS 0, ALTER COLUMN steps SET STATISTICS 0,
  ALTER COLUMN certificate SET STATISTICS 0, ALTER COLUMN platform SET STATISTICS 0, ALTER COLUMN history SET STATISTICS 0,
  ALTER COLUMN facts SET STATISTICS 0;
-- The expression of an index has a target of its own: its third column is when an attempt came to its result.
ALTER INDEX attempts_results ALTER COLUMN 3 SET STATISTICS 20;
