/** What the facts of a batch are about: finds or makes activities, and keeps titles up to date. */
import type { Uuid } from '../../core/ids.ts';
import type { Instant } from '../../core/time.ts';
import type { ActivityRef, Provider } from '../../core/vocabulary.ts';
import type { Transaction } from '../../db/database.ts';
import { rememberedUuid } from './remembered-ids.ts';

/** One mention of an activity. */
export interface ActivityMention {
  ref: ActivityRef;
  provider: Provider;
  sourceId: Uuid;
  at: Instant;
}

interface Row {
  id: Uuid;
  sourceId: Uuid;
  provider: Provider;
  realm: string;
  externalId: string;
  kind: string;
  title: string | null;
  titleAt: Instant | null;
  dueAt: Instant | null;
  dueToldAt: Instant | null;
}

/** The id of an activity: a hash of the platform's own key. */
export function activityId(workspace: number, mention: Pick<ActivityMention, 'ref' | 'provider' | 'sourceId'>): Uuid {
  const { ref, provider, sourceId } = mention;
  return rememberedUuid('activity', workspace, provider, ref.realm ?? sourceId, ref.externalId);
}

/**
 * Inserts activities not known yet, and takes over titles and due dates that are newer by the platform's clock (at one
 * instant the greater text). Where a platform calls one thing both exam and test, 'exam' stays: the first by the alphabet. So
 * the order of arrival does not matter. Sorted by id: two workers never deadlock. Not waited for. Call it late: nearly every batch
 * is about the same few activities, and from here to the commit each waits for the one before.
 */
export function upsertActivities(
  tx: Transaction,
  workspace: number,
  mentions: ReadonlyMap<Uuid, readonly ActivityMention[]>,
): void {
  if (mentions.size === 0) return;
  const rows = [...mentions].map(([id, of]) => newest(id, of)).sort((a, b) => (a.id < b.id ? -1 : 1));
  tx.send(
    `INSERT INTO activities AS a (workspace, id, source_id, provider, realm, external_id, kind, title, title_at, due_at, due_told_at)
     SELECT $1, i.* FROM unnest($2::uuid[], $3::uuid[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[],
       $9::timestamptz[], $10::timestamptz[], $11::timestamptz[]) AS i
     ON CONFLICT (workspace, id) DO UPDATE SET
       kind = LEAST(a.kind, EXCLUDED.kind),
       title = CASE WHEN EXCLUDED.title IS NOT NULL AND (a.title_at IS NULL OR (EXCLUDED.title_at, EXCLUDED.title COLLATE "C") > (a.title_at, a.title COLLATE "C"))
                    THEN EXCLUDED.title ELSE a.title END,
       title_at = GREATEST(a.title_at, EXCLUDED.title_at),
       due_at = CASE WHEN a.due_by = 'platform' AND EXCLUDED.due_told_at IS NOT NULL
                      AND (a.due_told_at IS NULL OR (EXCLUDED.due_told_at, EXCLUDED.due_at) > (a.due_told_at, a.due_at))
                     THEN EXCLUDED.due_at ELSE a.due_at END,
       due_told_at = GREATEST(a.due_told_at, EXCLUDED.due_told_at)`,
    [
      workspace,
      rows.map((r) => r.id),
      rows.map((r) => r.sourceId),
      rows.map((r) => r.provider),
      rows.map((r) => r.realm),
      rows.map((r) => r.externalId),
      rows.map((r) => r.kind),
      rows.map((r) => r.title),
      rows.map((r) => r.titleAt),
      rows.map((r) => r.dueAt),
      rows.map((r) => r.dueToldAt),
    ],
  );
}

function newest(id: Uuid, mentions: readonly ActivityMention[]): Row {
  const first = mentions[0];
  if (first === undefined) throw new Error('An activity is mentioned by at least one fact.');
  const row: Row = {
    id,
    sourceId: first.sourceId,
    provider: first.provider,
    realm: first.ref.realm ?? first.sourceId,
    externalId: first.ref.externalId,
    kind: first.ref.kind,
    title: null,
    titleAt: null,
    dueAt: null,
    dueToldAt: null,
  };
  for (const { ref, at } of mentions) {
    if (ref.kind < row.kind) row.kind = ref.kind;
    const title = ref.title ?? null;
    if (title !== null && later(at, title, row.titleAt, row.title)) {
      row.title = title;
      row.titleAt = at;
    }
    const dueAt = ref.dueAt ?? null;
    if (dueAt !== null && later(at, dueAt, row.dueToldAt, row.dueAt)) {
      row.dueAt = dueAt;
      row.dueToldAt = at;
    }
  }
  return row;
}

function later(at: Instant, value: string, thanAt: Instant | null, than: string | null): boolean {
  return thanAt === null || at > thanAt || (at === thanAt && value > (than ?? ''));
}
