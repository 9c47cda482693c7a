/** What the rules found against the flags that stand: raises, keeps, resolves, and tells the feed and open pages. */
import { hashUuid, publicId, type Uuid } from '../core/ids.ts';
import { fromMillis } from '../core/time.ts';
import type { Database, Queryable } from '../db/database.ts';
import { appendEvents, type NewEvent } from '../live/append.ts';
import { type Notice, tellNotices } from '../live/notices.ts';
import { type Candidate, type Facts, factsAt, type Rule } from './rules.ts';

interface Standing {
  id: Uuid;
  rule: Rule;
  learner_id: Uuid;
  subject: string;
  activity_id: Uuid | null;
  facts: Facts;
  rank: number;
  since: Date;
  state: string;
}

/** Rules whose occasion is a moment of the learner's: another moment is another flag. The others go on as what they are. */
const BY_MOMENT: ReadonlySet<Rule> = new Set(['stuck_silence', 'idle', 'overdue']);

/**
 * Makes the flags of these rules of these learners what `found` says. One event for each flag that is new; one that was
 * there before (its id says so) comes back without a word to the feed.
 */
export async function reconcile(
  db: Database,
  workspace: number,
  about: { learners: readonly Uuid[]; rules: readonly Rule[] },
  found: readonly Candidate[],
): Promise<void> {
  if (about.learners.length === 0) return;
  await db.transaction(async (tx) => {
    const standing = await tx.query<Standing>(
      `SELECT id, rule, learner_id, subject, activity_id, facts, rank, since, state FROM attention_flags
       WHERE workspace = $1 AND learner_id = ANY ($2::uuid[]) AND rule = ANY ($3::text[]) AND resolved_at IS NULL`,
      [workspace, about.learners, about.rules],
    );
    const wanted = new Map(
      found.map((candidate) => [keyOf(candidate.rule, candidate.learnerId, candidate.subject), candidate]),
    );
    const over: Standing[] = [];
    const changed: { standing: Standing; candidate: Candidate }[] = [];
    for (const flag of standing) {
      const key = keyOf(flag.rule, flag.learner_id, flag.subject);
      const candidate = wanted.get(key);
      if (candidate === undefined || (BY_MOMENT.has(flag.rule) && flagId(workspace, candidate) !== flag.id)) {
        over.push(flag);
        continue;
      }
      wanted.delete(key);
      if (differs(flag, candidate)) changed.push({ standing: flag, candidate });
    }
    if (over.length === 0 && changed.length === 0 && wanted.size === 0) return;
    await resolve(tx, workspace, over);
    await update(tx, workspace, changed);
    const raised = await raise(tx, workspace, [...wanted.values()]);
    await tellNotices(tx, workspace, [
      ...over.map((flag) => notice(flag.id, flag.learner_id, flag.activity_id, 'resolved')),
      ...changed.map(({ standing: flag }) => notice(flag.id, flag.learner_id, flag.activity_id, flag.state)),
      ...raised.map(({ id, candidate, state }) => notice(id, candidate.learnerId, candidate.activityId, state)),
    ]);
    const news = raised.filter(({ isNew }) => isNew).map(({ id, candidate }) => eventOf(workspace, id, candidate));
    await appendEvents(tx, workspace, news);
  });
}

function keyOf(rule: Rule, learnerId: Uuid, subject: string): string {
  return `${rule}|${learnerId}|${subject}`;
}

function flagId(workspace: number, { rule, learnerId, subject, occasion }: Candidate): Uuid {
  return hashUuid('flag', String(workspace), rule, learnerId, subject, occasion);
}

/** Whether something changed besides time passing. */
function differs(flag: Standing, candidate: Candidate): boolean {
  if (flag.rank !== candidate.rank) return true;
  const at = new Date(0);
  const timeless = (facts: Facts): [string, unknown][] =>
    Object.entries(factsAt(flag.rule, facts, at, at)).sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify(timeless(flag.facts)) !== JSON.stringify(timeless(candidate.facts));
}

async function resolve(tx: Queryable, workspace: number, flags: readonly Standing[]): Promise<void> {
  if (flags.length === 0) return;
  await tx.query(`UPDATE attention_flags SET resolved_at = now() WHERE workspace = $1 AND id = ANY ($2::uuid[])`, [
    workspace,
    flags.map((flag) => flag.id),
  ]);
}

async function update(
  tx: Queryable,
  workspace: number,
  changes: readonly { standing: Standing; candidate: Candidate }[],
): Promise<void> {
  if (changes.length === 0) return;
  await tx.query(
    `UPDATE attention_flags f SET facts = c.facts::jsonb, rank = c.rank, attempt_id = c.attempt_id, activity_id = c.activity_id
     FROM unnest($2::uuid[], $3::text[], $4::int[], $5::uuid[], $6::uuid[]) AS c (id, facts, rank, attempt_id, activity_id)
     WHERE f.workspace = $1 AND f.id = c.id`,
    [
      workspace,
      changes.map(({ standing }) => standing.id),
      changes.map(({ candidate }) => JSON.stringify(candidate.facts)),
      changes.map(({ candidate }) => candidate.rank),
      changes.map(({ candidate }) => candidate.attemptId),
      changes.map(({ candidate }) => candidate.activityId),
    ],
  );
}

async function raise(tx: Queryable, workspace: number, candidates: readonly Candidate[]) {
  if (candidates.length === 0) return [];
  const byId = new Map(candidates.map((candidate) => [flagId(workspace, candidate), candidate]));
  const ids = [...byId.keys()];
  const all = [...byId.values()];
  // What a person said to that very occasion still holds when it comes back.
  const rows = await tx.query<{ id: Uuid; state: string; isNew: boolean }>(
    `INSERT INTO attention_flags AS f (workspace, id, rule, learner_id, subject, activity_id, attempt_id, facts, rank, since)
     SELECT $1, id, rule, learner_id, subject, activity_id, attempt_id, facts::jsonb, rank, since
     FROM unnest($2::uuid[], $3::text[], $4::uuid[], $5::text[], $6::uuid[], $7::uuid[], $8::text[], $9::int[], $10::timestamptz[])
       AS c (id, rule, learner_id, subject, activity_id, attempt_id, facts, rank, since)
     ON CONFLICT (workspace, id) DO UPDATE
       SET resolved_at = NULL, facts = excluded.facts, rank = excluded.rank, since = excluded.since
     RETURNING f.id, f.state, f.xmax = 0 AS "isNew"`,
    [
      workspace,
      ids,
      all.map(({ rule }) => rule),
      all.map(({ learnerId }) => learnerId),
      all.map(({ subject }) => subject),
      all.map(({ activityId }) => activityId),
      all.map(({ attemptId }) => attemptId),
      all.map(({ facts }) => JSON.stringify(facts)),
      all.map(({ rank }) => rank),
      all.map(({ since }) => since.toISOString()),
    ],
  );
  return rows.flatMap((row) => {
    const candidate = byId.get(row.id);
    return candidate === undefined ? [] : [{ ...row, candidate }];
  });
}

function notice(id: Uuid, learnerId: Uuid, activityId: Uuid | null, state: string): Notice {
  return { event: 'attention', learnerId, activityId, data: { id: publicId('flg', id), state } };
}

/** Name and title are looked up when it is read (src/live/events.ts), so that an erased person's are gone from it. */
function eventOf(workspace: number, id: Uuid, candidate: Candidate): NewEvent {
  const now = new Date();
  const occurredAt = fromMillis(now.getTime());
  if (occurredAt === null) throw new Error('The clock of this machine is out of range. Set it right.');
  const { rule, rank, attemptId, facts, since } = candidate;
  const flag = {
    id: publicId('flg', id),
    rule,
    rank,
    attempt: attemptId === null ? null : publicId('att', attemptId),
    facts,
    since: since.toISOString(),
    state: 'open',
    acknowledged: null,
    snoozedUntil: null,
  };
  return {
    id: hashUuid('event', String(workspace), 'learner.needs_attention', id),
    type: 'learner.needs_attention',
    occurredAt,
    receivedAt: now,
    sourceId: null,
    receiptSeq: null,
    receiptKey: null,
    verification: null,
    test: false,
    learnerId: candidate.learnerId,
    activityId: candidate.activityId,
    attemptId,
    payload: JSON.stringify({ attempt: null, previous: null, data: { flag } }),
  };
}
