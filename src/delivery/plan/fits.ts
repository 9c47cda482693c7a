/** SQL of planning: which events fit which endpoints, and the rows that makes. `$1` is the workspace. */

/** Columns that `FITS` and `deliveryRow` read of an event `v`. */
export const EVENT_COLUMNS = `v.seq, v.id, v.type, v.learner_id, v.activity_id, v.attempt_id, v.verification, v.payload,
  (SELECT coalesce(s.provider, a.provider) FROM (SELECT 1) one
   LEFT JOIN sources s ON s.workspace = $1 AND s.id = v.source_id
   LEFT JOIN activities a ON a.workspace = $1 AND a.id = v.activity_id) AS provider`;

/** Whether event `v` fits endpoint `e`. */
export const FITS = `(e.event_types = '{}' OR v.type = ANY (e.event_types))
  AND (e.only_provider IS NULL OR e.only_provider = v.provider)
  AND (e.only_activity IS NULL OR e.only_activity = v.activity_id)
  AND (e.only_verification IS NULL OR e.only_verification = v.verification)
  AND (e.only_outcome IS NULL OR e.only_outcome = v.payload #>> '{attempt,outcome}')
  AND (e.only_cohort IS NULL OR EXISTS (
    SELECT FROM cohort_members m
    WHERE m.workspace = $1 AND m.cohort_id = e.only_cohort AND m.learner_id = v.learner_id))`;

/**
 * The id of a new delivery of event `event` for endpoint `endpoint`: version 7, the transaction's time in front, so that ids
 * grow with time and say which partition holds them. `createdAt` is that time, to the millisecond, and must be the row's: results are
 * written by it (../queue/write-results.ts).
 */
export function newDeliveryId(endpoint: string, event: string, createdAt = CREATED_AT): string {
  const hash = `md5(${endpoint}::text || ${event}::text)`;
  return `(lpad(to_hex((extract(epoch FROM ${createdAt}) * 1000)::bigint), 12, '0') || '7' || substr(${hash}, 1, 3)
    || '8' || substr(${hash}, 4, 15))::uuid`;
}

/** To the millisecond, as it stands in the id. */
export const CREATED_AT = `date_trunc('milliseconds', now())`;
