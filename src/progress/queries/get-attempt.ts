/** One attempt with everything that is known of it. */
import type { Uuid } from '../../core/ids.ts';
import type { Breakdown, Certificate, JsonObject, Outcome } from '../../core/vocabulary.ts';
import type { Queryable } from '../../db/database.ts';
import type { CompactResponse } from '../compact-responses.ts';
import { ATTEMPT_COLUMNS, ATTEMPT_JOINS, type AttemptRow } from './attempt-summary.ts';

export interface AttemptDetail extends AttemptRow {
  responses: CompactResponse[] | null;
  breakdowns: Breakdown[] | null;
  steps: StoredStep[] | null;
  certificate: Certificate | null;
  platform: JsonObject | null;
  history: StoredGrade[] | null;
  /** Public ids of the receipts it was folded from, in the order of their arrival. */
  receipts: string[];
  /** Some of those receipts are gone (retention): it can no longer be made again from them. */
  sealed: boolean;
}

export interface StoredStep {
  externalId: string;
  index: number | null;
  state: 'started' | 'completed' | 'skipped';
  startedAt: string | null;
  completedAt: string | null;
  attempts: number;
}

/** A grade that no longer holds. */
export interface StoredGrade {
  at: string;
  score: number | null;
  maxScore: number | null;
  percentage: number | null;
  outcome: Outcome | null;
  receiptId: string;
}

/** The attempt; null where there is none, or nothing says yet whose or what it is. */
export async function getAttempt(db: Queryable, workspace: number, id: Uuid): Promise<AttemptDetail | null> {
  const rows = await db.query<AttemptDetail>(
    `SELECT ${ATTEMPT_COLUMNS}, a.responses, a.breakdowns, a.steps, a.certificate, a.platform, a.history,
            (SELECT coalesce(jsonb_agg('rcp_' || r.receipt ORDER BY r.seq, r.receipt), '[]') FROM (
               SELECT f ->> 'r' AS receipt, min((f ->> 's')::bigint) AS seq
               FROM json_array_elements(a.facts) f WHERE f ->> 'r' IS NOT NULL GROUP BY 1) r) AS receipts,
            EXISTS (SELECT FROM json_array_elements(a.facts) f WHERE (f ->> 's')::bigint <=
              (SELECT w.receipts_dropped_to FROM workspaces w WHERE w.id = a.workspace)) AS sealed
     FROM attempts a ${ATTEMPT_JOINS}
     WHERE a.workspace = $1 AND a.id = $2`,
    [workspace, id],
  );
  return rows[0] ?? null;
}
