/** The columns of exported attempts, the same in CSV and in spreadsheets. */
import type { AttemptSummary } from '../progress/queries/attempt-summary.ts';

/** null: an empty cell. */
export type Cell = string | number | boolean | Date | null;

interface Column {
  name: string;
  cell: (attempt: AttemptSummary) => Cell;
}

const date = (time: string | null): Date | null => (time === null ? null : new Date(time));

const ATTEMPT_COLUMNS_EXPORTED: readonly Column[] = [
  { name: 'id', cell: (a) => a.id },
  { name: 'learnerId', cell: (a) => a.learner.id },
  { name: 'learnerName', cell: (a) => a.learner.name },
  { name: 'activityId', cell: (a) => a.activity.id },
  { name: 'activityTitle', cell: (a) => a.activity.title },
  { name: 'activityKind', cell: (a) => a.activity.kind },
  { name: 'provider', cell: (a) => a.provider },
  { name: 'source', cell: (a) => a.source.slug },
  { name: 'externalId', cell: (a) => a.externalId },
  { name: 'state', cell: (a) => a.state },
  { name: 'outcome', cell: (a) => a.outcome },
  { name: 'score', cell: (a) => a.score },
  { name: 'maxScore', cell: (a) => a.maxScore },
  { name: 'percentage', cell: (a) => a.percentage },
  { name: 'correctCount', cell: (a) => a.correctCount },
  { name: 'incorrectCount', cell: (a) => a.incorrectCount },
  { name: 'partialCount', cell: (a) => a.partialCount },
  { name: 'unansweredCount', cell: (a) => a.unansweredCount },
  { name: 'totalQuestions', cell: (a) => a.totalQuestions },
  { name: 'timeSpentSeconds', cell: (a) => a.timeSpentSeconds },
  { name: 'timeKind', cell: (a) => a.timeKind },
  { name: 'startedAt', cell: (a) => date(a.startedAt) },
  { name: 'completedAt', cell: (a) => date(a.completedAt) },
  { name: 'verification', cell: (a) => a.verification },
  { name: 'confirmedBy', cell: (a) => a.confirmed?.by ?? null },
  { name: 'test', cell: (a) => a.test },
];

export const COLUMN_NAMES: readonly string[] = ATTEMPT_COLUMNS_EXPORTED.map((column) => column.name);

export function cellsOf(attempt: AttemptSummary): Cell[] {
  return ATTEMPT_COLUMNS_EXPORTED.map((column) => column.cell(attempt));
}
