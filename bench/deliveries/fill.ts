/** Rows for the bench of deliveries, written set by set. */
import type { Uuid } from '../../src/core/ids.ts';
import type { Database } from '../../src/db/database.ts';
import { newDeliveryId } from '../../src/delivery/plan/fits.ts';

const LEARNERS = 5_000;

/** Completed attempts of a school in the feed, from `first` on; nothing is planned for them. */
export async function fillEvents(db: Database, first: number, count: number): Promise<void> {
  await db.query(
    `INSERT INTO learners (workspace, id, name, email)
     SELECT 1, md5('learner ' || i)::uuid, 'Learner ' || i, 'learner' || i || '@school.example' FROM generate_series(1, $1::int) i
     ON CONFLICT DO NOTHING`,
    [LEARNERS],
  );
  await db.query(
    `INSERT INTO identities (workspace, provider, realm, external_id, learner_id, source_id)
     SELECT 1, 'quizapi', s.id::text, 'user_' || i, md5('learner ' || i)::uuid, s.id
     FROM generate_series(1, $1::int) i, (SELECT id FROM sources LIMIT 1) s ON CONFLICT DO NOTHING`,
    [LEARNERS],
  );
  await db.query(
    `INSERT INTO activities (workspace, id, source_id, provider, realm, external_id, kind, title)
     SELECT 1, md5('activity ' || i)::uuid, s.id, 'quizapi', s.id::text, 'quiz_' || i, 'quiz', 'Fractions, part ' || i
     FROM generate_series(1, 50) i, (SELECT id FROM sources LIMIT 1) s ON CONFLICT DO NOTHING`,
  );
  await db.query(
    `INSERT INTO events (workspace, seq, recorded_at, id, type, occurred_at, received_at, source_id, receipt_seq, receipt_key,
       verification, learner_id, activity_id, attempt_id, payload)
     SELECT 1, nextval('event_seq'), now(), md5('event ' || i)::uuid, 'attempt.completed', now(), now(), s.id, i,
       sha256(i::text::bytea), 'signature', md5('learner ' || (1 + i % ${LEARNERS}))::uuid, md5('activity ' || (1 + i % 50))::uuid,
       md5('attempt ' || i)::uuid,
       '{"attempt":{"externalId":null,"state":"completed","outcome":null,"score":8,"maxScore":10,"percentage":80,"correctCount":8,"incorrectCount":2,"partialCount":0,"unansweredCount":0,"totalQuestions":10,"timeSpentSeconds":312,"timeKind":"reported","startedAt":"2026-04-08T14:24:48.000000Z","completedAt":"2026-04-08T14:30:00.000000Z","verification":"signature","test":false},"previous":null,"data":{}}'
     FROM generate_series($1::bigint, $1::bigint + $2 - 1) i, (SELECT id FROM sources LIMIT 1) s`,
    [first, count],
  );
}

/**
 * SQL: one a millisecond, the last just now, none before this week, of which there is no partition. What comes about at once in life shares
 * a millisecond by the dozen, not by the hundred thousand.
 */
const PLANNED_AT = `greatest(date_trunc('week', now()),
  date_trunc('milliseconds', now()) - ($2::bigint + $3 - 1 - i) * interval '1 millisecond')`;

/** Deliveries of those events for an endpoint; pending, or finished long ago. */
export async function fillDeliveries(
  db: Database,
  endpoint: Uuid,
  { first, count, finished }: { first: number; count: number; finished: boolean },
): Promise<void> {
  const values = [endpoint, first, count];
  await db.query(
    `WITH made AS (
       INSERT INTO deliveries (workspace, id, created_at, endpoint_id, event_id, event_seq, event_type, learner_id, attempt_id, status, tries)
       SELECT 1, ${newDeliveryId('$1::uuid', "md5('event ' || i)::uuid", PLANNED_AT)}, ${PLANNED_AT}, $1,
         md5('event ' || i)::uuid, ${finished ? 'i' : `(SELECT seq FROM events WHERE workspace = 1 AND receipt_seq = i LIMIT 1)`},
         'attempt.completed', md5('learner ' || (1 + i % ${LEARNERS}))::uuid, md5('attempt ' || i)::uuid,
         ${finished ? `'succeeded', '[{"at":"2026-04-08T14:30:00.000Z","statusCode":200,"durationMs":12.3,"error":null}]'` : `'pending', '[]'`}
       FROM generate_series($2::bigint, $2::bigint + $3 - 1) i
       RETURNING id, created_at, event_seq
     )
     ${
       finished
         ? 'SELECT count(*) FROM made'
         : `INSERT INTO delivery_queue (workspace, delivery_id, created_at, endpoint_id, event_seq, due_at)
            SELECT 1, id, created_at, $1, event_seq, now() FROM made`
     }`,
    values,
  );
}
