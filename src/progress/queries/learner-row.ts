/** The learner of the contract as rows give it. */
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
}

export interface LearnerRow {
  id: Uuid;
  name: string | null;
  email: string | null;
  excluded: boolean;
  identities: Identity[];
}

/** SQL: the columns of LearnerRow from `learners l`. */
export const LEARNER_COLUMNS = `l.id, l.name, l.email, l.excluded, (
  SELECT coalesce(jsonb_agg(jsonb_build_object(
      'provider', i.provider,
      'realm', CASE WHEN i.realm = i.source_id::text THEN 'src_' || replace(i.realm, '-', '') ELSE i.realm END,
      'externalId', i.external_id) ORDER BY i.provider, i.realm, i.external_id), '[]')
  FROM identities i WHERE i.workspace = l.workspace AND i.learner_id = l.id) AS identities`;

export function toLearnerObject(row: LearnerRow): LearnerObject {
  return {
    id: publicId('lrn', row.id),
    name: row.name,
    email: row.email,
    identities: row.identities,
    excluded: row.excluded,
    // Nobody is in a cohort before there are cohorts.
    cohorts: [],
  };
}
