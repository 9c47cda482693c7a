/** SQL: when the time of attempt `a` at activity `t` is over; null where that is not told (migrations/000008-attention.sql). */
export const EXPIRES_AT = `attempt_expires_at(a.platform, a.started_at, t.kind, t.due_at, t.due_by)`;
