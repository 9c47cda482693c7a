/** The activity of the contract as rows give it, before its figures. */
import { publicId, type Uuid } from '../../core/ids.ts';
import type { ActivityKind, Provider } from '../../core/vocabulary.ts';
import type { RetakePolicy } from '../figures/retake-policy.ts';

export interface ActivityRow {
  id: Uuid;
  external_id: string;
  title: string | null;
  kind: ActivityKind;
  provider: Provider;
  pass_percentage: number | null;
  due_at: Date | null;
  attempts_policy: RetakePolicy | null;
}

export interface ActivityHead {
  id: string;
  /** The platform's own id. */
  externalId: string;
  title: string | null;
  kind: ActivityKind;
  provider: Provider;
  passPercentage: number | null;
  dueAt: string | null;
  /** The retake policy somebody set for this activity; null: the workspace's. */
  attempts: RetakePolicy | null;
}

/** SQL: the columns of ActivityRow from `activities t`. */
export const ACTIVITY_COLUMNS = `t.id, t.external_id, t.title, t.kind, t.provider, t.pass_percentage, t.due_at, t.attempts_policy`;

export function toActivityHead(row: ActivityRow): ActivityHead {
  return {
    id: publicId('act', row.id),
    externalId: row.external_id,
    title: row.title,
    kind: row.kind,
    provider: row.provider,
    passPercentage: row.pass_percentage,
    dueAt: row.due_at?.toISOString() ?? null,
    attempts: row.attempts_policy,
  };
}
