/** Who belongs to a cohort by what platforms tell of people. */
import type { Uuid } from '../core/ids.ts';
import type { Provider } from '../core/vocabulary.ts';

/** One condition; see matchesOfRule for what each means. */
export type Condition =
  | { kind: 'attribute'; name: string; value: string; provider?: Provider }
  | { kind: 'parameter'; name: string; value: string; provider?: Provider }
  | { kind: 'invite'; value: string }
  | { kind: 'activity'; activity: Uuid };

/** As it is stored: whoever meets any condition is in. */
export interface CohortRule {
  any: Condition[];
}

/**
 * SQL: `learner_id` of everybody who meets one of the conditions in the jsonb expression `rule`, in the workspace $1:
 *   attribute, parameter  what a platform last told of the person (Synap's attributes, Instruqt's custom parameters), under this
 *                         name; of a list, one of its entries
 *   invite                came by this invitation: claimed it, or played by it
 *   activity              has an attempt at it that is no test and was not withdrawn
 * `learners`: the parameter (uuid[]) with the learners it is about; null in it: everybody.
 */
export function matchesOfRule(rule: string, learners: string): string {
  const about = (column: string): string => `(${learners}::uuid[] IS NULL OR ${column} = ANY (${learners}::uuid[]))`;
  return `SELECT match.learner_id FROM jsonb_array_elements(${rule} -> 'any') AS condition CROSS JOIN LATERAL (
      SELECT i.learner_id FROM identities i
      WHERE condition ->> 'kind' IN ('attribute', 'parameter') AND i.workspace = $1 AND ${about('i.learner_id')}
        AND (condition ->> 'provider' IS NULL OR i.provider = condition ->> 'provider') AND NOT i.test_only
        AND (i.attributes ->> (condition ->> 'name') = condition ->> 'value'
          OR i.attributes -> (condition ->> 'name') @> jsonb_build_array(condition -> 'value'))
      UNION ALL
      SELECT shown.id FROM learner_invites v
      LEFT JOIN merged_learners g ON g.workspace = v.workspace AND g.id = v.learner_id
      CROSS JOIN LATERAL (SELECT coalesce(g.kept_id, v.learner_id) AS id) shown
      WHERE condition ->> 'kind' = 'invite' AND v.workspace = $1 AND v.invite = condition ->> 'value' AND ${about('shown.id')}
      UNION ALL
      SELECT a.learner_id FROM attempts a
      WHERE condition ->> 'kind' = 'activity' AND a.workspace = $1 AND a.activity_id = (condition ->> 'activity')::uuid
        AND ${about('a.learner_id')} AND NOT a.test AND a.state <> 'revoked' AND a.learner_id IS NOT NULL
    ) AS match`;
}
