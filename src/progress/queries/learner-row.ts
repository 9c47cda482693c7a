/** The learner of the contract as rows give it. */
import type { CohortScope } from '../../cohorts/scope.ts';
import { publicId, type Uuid } from '../../core/ids.ts';
import type { Provider } from '../../core/vocabulary.ts';

export interface Identity {
  provider: Provider;
  /** Who gave the external id its meaning: what the platform names, else the source (its public id). */
  realm: string;
  externalId: string;
}

export interface LearnerObject {
  id: string;
  name: string | null;
  email: string | null;
  identities: Identity[];
  /** A test person: in no figure. */
  excluded: boolean;
  cohorts: string[];
  /** Who was merged into this one, the earliest first. */
  mergedFrom: { id: string; name: string | null; at: string }[];
}

export interface LearnerRow {
  id: Uuid;
  name: string | null;
  email: string | null;
  excluded: boolean;
  identities: Identity[];
  cohorts: Uuid[];
  merged_from: { id: Uuid; name: string | null; at: number }[];
}

/** SQL: the columns of LearnerRow from `learners l`. */
export const LEARNER_COLUMNS = `l.id, l.name, l.email, l.excluded, (
  SELECT coalesce(jsonb_agg(jsonb_build_object(
      'provider', i.provider,
      'realm', CASE WHEN i.realm = i.source_id::text THEN 'src_' || replace(i.realm, '-', '') ELSE i.realm END,
      'externalId', i.external_id) ORDER BY i.provider, i.realm, i.external_id), '[]')
  FROM identities i WHERE i.workspace = l.workspace AND i.learner_id = l.id) AS identities, ARRAY(
  SELECT c.cohort_id FROM cohort_members c WHERE c.workspace = l.workspace AND c.learner_id = l.id ORDER BY c.added_at, c.cohort_id) AS cohorts, (
  SELECT coalesce(jsonb_agg(jsonb_build_object('id', m.id, 'name', m.name, 'at', extract(epoch FROM m.at) * 1000)
    ORDER BY m.at, m.id), '[]')
  FROM merged_learners m WHERE m.workspace = l.workspace AND m.kept_id = l.id AND m.into_id IS NOT NULL) AS merged_from`;

/** `shown`: the cohorts that may be named; an instructor limited to some is told of no other. */
export function toLearnerObject(row: LearnerRow, shown: CohortScope = null): LearnerObject {
  return {
    id: publicId('lrn', row.id),
    name: row.name,
    email: row.email,
    identities: row.identities,
    excluded: row.excluded,
    cohorts: row.cohorts.filter((id) => shown === null || shown.includes(id)).map((id) => publicId('coh', id)),
    mergedFrom: row.merged_from.map((merged) => ({
      id: publicId('lrn', merged.id),
      name: merged.name,
      at: new Date(merged.at).toISOString(),
    })),
  };
}
