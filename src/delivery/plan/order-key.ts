/** SQL: what is kept in order at ordered endpoints: the learner and activity of an event `e`, as one number. */
export function orderKeyOf(event: string): string {
  return `hashtextextended(coalesce(${event}.learner_id::text, '') || '|' || coalesce(${event}.activity_id::text, ''), 0)`;
}
