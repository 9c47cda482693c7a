-- Results are written some hundred at a time, to rows that lie side by side: each page needs room for a second version of all its
-- rows, or every second result is a new entry in all five indexes (55 % of them were; docs/performance.md, "Deliveries").
-- Claims are the same. Pages written from now on have it.

ALTER TABLE delivery_queue SET (fillfactor = 45);

CREATE OR REPLACE FUNCTION ensure_delivery_partitions(weeks_ahead integer DEFAULT 4) RETURNS void LANGUAGE plpgsql AS $$
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
          CASE parent WHEN 'deliveries' THEN 40 ELSE 100 END);
      END IF;
    END LOOP;
    IF to_regclass(parent || '_default') IS NULL THEN
      EXECUTE format('CREATE TABLE %I PARTITION OF %I DEFAULT', parent || '_default', parent);
    END IF;
  END LOOP;
END $$;

DO $$
DECLARE
  part regclass;
BEGIN
  FOR part IN
    SELECT inhrelid::regclass FROM pg_inherits JOIN pg_class c ON c.oid = inhrelid
    WHERE inhparent = 'deliveries'::regclass AND c.reloptions IS NOT NULL
  LOOP
    EXECUTE format('ALTER TABLE %s SET (fillfactor = 40)', part);
  END LOOP;
END $$;
