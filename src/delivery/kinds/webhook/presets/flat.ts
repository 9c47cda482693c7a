/** An event in one level, for receivers that know no other. */
import type { Json } from '../../../../core/vocabulary.ts';
import type { EventObject } from '../../../../live/events.ts';

export type Flat = Record<string, string | number | boolean | null>;

/** Always the same keys, null where the event says nothing, so that a mapping made from one example fits all. */
export function flat(event: EventObject): Flat {
  const { attempt, learner, activity, source, previous } = event;
  const of = (name: string) => scalar(attempt?.[name]);
  return {
    event_id: event.id,
    type: event.type,
    occurred_at: event.occurredAt,
    received_at: event.receivedAt,
    verification: event.verification,
    source: source?.slug ?? null,
    provider: source?.provider ?? null,
    learner_id: learner?.id ?? null,
    learner_name: learner?.name ?? null,
    learner_email: learner?.email ?? null,
    learner_external_id: learner?.identities[0]?.externalId ?? null,
    activity_id: activity?.id ?? null,
    activity_external_id: activity?.externalId ?? null,
    activity_title: activity?.title ?? null,
    activity_kind: activity?.kind ?? null,
    attempt_id: of('id'),
    attempt_state: of('state'),
    outcome: of('outcome'),
    score: of('score'),
    max_score: of('maxScore'),
    percentage: of('percentage'),
    correct_count: of('correctCount'),
    incorrect_count: of('incorrectCount'),
    total_questions: of('totalQuestions'),
    time_spent_seconds: of('timeSpentSeconds'),
    started_at: of('startedAt'),
    completed_at: of('completedAt'),
    previous_score: previous?.score ?? null,
    previous_percentage: previous?.percentage ?? null,
    test: of('test') === true,
  };
}

function scalar(value: Json | undefined): string | number | boolean | null {
  return typeof value === 'object' || value === undefined ? null : value;
}
