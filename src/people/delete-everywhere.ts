/** Every row about a learner, of every room: the one list of where learners stand. test/integration/erase.test.ts holds it against the schema. */
import { publicId, type Uuid } from '../core/ids.ts';
import type { Queryable } from '../db/database.ts';
import { type Person, spellings } from './person-marks.ts';

/** Tables with a row of a learner in `learner_id`, beside those named below. */
export const ROWS_OF_LEARNERS = [
  'cohort_removals',
  'learner_invites',
  'learner_totals',
  'attention_flags',
  'attention_touched',
  'alike_values',
  'alike_marks',
] as const;

export interface Deleted {
  identities: number;
  attempts: number;
  events: number;
  rejections: number;
  cohorts: number;
  keys: number;
  other: number;
}

/** Deletes them. Figures over many are made anew by the worker (markDirty). */
export async function deleteEverywhere(tx: Queryable, workspace: number, kept: Uuid, person: Person): Promise<Deleted> {
  const everybody = [workspace, person.learnerIds];
  const count = async (sql: string, values: readonly unknown[] = everybody): Promise<number> => {
    const [row] = await tx.query<{ n: number }>(
      `WITH gone AS (${sql} RETURNING 1) SELECT count(*)::int AS n FROM gone`,
      values,
    );
    return row?.n ?? 0;
  };
  await tx.query(
    `DELETE FROM told_facts t USING events e
     WHERE t.workspace = $1 AND e.workspace = $1 AND e.learner_id = $2 AND t.event_id = e.id`,
    [workspace, kept],
  );
  let other = await count(
    `DELETE FROM attempt_confirmations WHERE workspace = $1
       AND attempt_id IN (SELECT id FROM attempts WHERE workspace = $1 AND learner_id = ANY ($2::uuid[]))`,
  );
  const events = await count('DELETE FROM events WHERE workspace = $1 AND learner_id = ANY ($2::uuid[])');
  const attempts = await count('DELETE FROM attempts WHERE workspace = $1 AND learner_id = ANY ($2::uuid[])');
  const identities = await count('DELETE FROM identities WHERE workspace = $1 AND learner_id = ANY ($2::uuid[])');
  const cohorts = await count('DELETE FROM cohort_members WHERE workspace = $1 AND learner_id = ANY ($2::uuid[])');
  for (const table of ROWS_OF_LEARNERS) {
    other += await count(`DELETE FROM ${table} WHERE workspace = $1 AND learner_id = ANY ($2::uuid[])`);
  }
  other += await count(
    'DELETE FROM dismissed_suggestions WHERE workspace = $1 AND (a = ANY ($2::uuid[]) OR b = ANY ($2::uuid[]))',
  );
  await tx.query('DELETE FROM merged_learners WHERE workspace = $1 AND id = ANY ($2::uuid[])', everybody);
  await tx.query('DELETE FROM learners WHERE workspace = $1 AND id = ANY ($2::uuid[])', everybody);
  const keys = await deleteAccess(tx, workspace, person);
  // Who did what stays; what it said of the person does not.
  await tx.query(`UPDATE audit SET details = '{}' WHERE workspace = $1 AND target_id = ANY ($2::text[])`, [
    workspace,
    person.learnerIds.map((id) => publicId('lrn', id)),
  ]);
  // The guide's routes name people by the platform's own id.
  await tx.query(
    `UPDATE audit SET target_id = $2, details = '{}'
     WHERE workspace = $1 AND target_kind = 'student' AND target_id = ANY ($3::text[])`,
    [workspace, publicId('lrn', kept), person.identities.map((identity) => identity.externalId)],
  );
  return {
    identities,
    attempts,
    events,
    cohorts,
    keys,
    other,
    rejections: await deleteRejections(tx, workspace, person),
  };
}

/** Keys, accounts and invitations limited to the learner go with it: without the limit they would open everybody's data. */
async function deleteAccess(tx: Queryable, workspace: number, person: Person): Promise<number> {
  const gone = await tx.query<{ id: Uuid }>(
    'DELETE FROM api_keys WHERE workspace = $1 AND learner_id = ANY ($2::uuid[]) RETURNING id',
    [workspace, person.learnerIds],
  );
  const members = await tx.query<{ id: Uuid }>(
    'DELETE FROM members WHERE workspace = $1 AND learner_id = ANY ($2::uuid[]) RETURNING user_id AS id',
    [workspace, person.learnerIds],
  );
  await tx.query(
    `DELETE FROM auth_users u WHERE u.id = ANY ($1::uuid[]) AND NOT EXISTS (SELECT FROM members m WHERE m.user_id = u.id)`,
    [members.map((member) => member.id)],
  );
  await tx.query('DELETE FROM invitations WHERE workspace = $1 AND learner_id = ANY ($2::uuid[])', [
    workspace,
    person.learnerIds,
  ]);
  await tx.query(
    'DELETE FROM tickets WHERE workspace = $1 AND (key_id = ANY ($2::uuid[]) OR learner = ANY ($3::text[]))',
    [
      workspace,
      gone.map((key) => key.id),
      [
        ...person.learnerIds.map((id) => publicId('lrn', id)),
        ...person.identities.map((identity) => identity.externalId),
      ],
    ],
  );
  return gone.length + members.length;
}

/** A name this short stands in many texts that are about somebody else. */
const SHORTEST_NAME = 5;

/** Refused requests that name the person: nothing proves what they are, so a mention is enough. */
async function deleteRejections(tx: Queryable, workspace: number, person: Person): Promise<number> {
  const words = [
    ...spellings(person.emails),
    ...spellings([...person.names].filter((name) => name.length >= SHORTEST_NAME)).map((word) => word.toLowerCase()),
    ...spellings(person.identities.map((identity) => identity.externalId)).flatMap((id) => [
      `"${id}"`,
      `:${id},`,
      `:${id}}`,
    ]),
  ];
  const rows = await tx.query(
    `DELETE FROM rejections r WHERE r.workspace = $1 AND EXISTS (
       SELECT FROM unnest($2::text[]) AS word
       WHERE position(convert_to(word, 'UTF8') IN r.body) > 0
          OR strpos(lower(encode(r.body, 'escape')), lower(encode(convert_to(word, 'UTF8'), 'escape'))) > 0) RETURNING 1`,
    [workspace, words],
  );
  return rows.length;
}
