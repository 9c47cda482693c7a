/** Attempts as a file: CSV, NDJSON or a spreadsheet, streamed. */
import { Readable } from 'node:stream';
import type { Queryable } from '../db/database.ts';
import type { AttemptFilter } from '../progress/queries/list-attempts.ts';
import { COLUMN_NAMES, cellsOf } from './attempt-columns.ts';
import { attemptPages } from './attempt-pages.ts';
import { csvLines } from './csv.ts';
import { xlsx } from './xlsx.ts';

export const EXPORT_FORMATS = ['csv', 'ndjson', 'xlsx'] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

export const CONTENT_TYPES: Record<ExportFormat, string> = {
  csv: 'text/csv; charset=utf-8; header=present',
  ndjson: 'application/x-ndjson; charset=utf-8',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
};

/** The bytes of the file, read from the database as fast as they are taken and no faster. */
export function exportAttempts(
  db: Queryable,
  workspace: number,
  filter: AttemptFilter,
  format: ExportFormat,
): Readable {
  const pages = attemptPages(db, workspace, filter);
  switch (format) {
    case 'csv':
      return text(
        (async function* () {
          yield csvLines([COLUMN_NAMES]);
          for await (const page of pages) yield csvLines(page.map(cellsOf));
        })(),
      );
    case 'ndjson':
      return text(
        (async function* () {
          for await (const page of pages) yield page.map((attempt) => `${JSON.stringify(attempt)}\n`).join('');
        })(),
      );
    case 'xlsx':
      return xlsx(
        (async function* () {
          for await (const page of pages) yield page.map(cellsOf);
        })(),
        { name: 'Attempts', columns: COLUMN_NAMES },
      );
    default: {
      const never: never = format;
      throw new Error(`Unknown format ${String(never)}.`);
    }
  }
}

function text(chunks: AsyncIterable<string>): Readable {
  return Readable.from(chunks, { objectMode: false });
}

/** `gradewire-attempts-2026-04-08.csv`. */
export function exportName(format: ExportFormat, now: Date): string {
  return `gradewire-attempts-${now.toISOString().slice(0, 10)}.${format}`;
}
