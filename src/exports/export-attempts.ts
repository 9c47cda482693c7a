/** Attempts as a file: CSV, NDJSON or a spreadsheet, streamed. */
import { Readable } from 'node:stream';
import type { Queryable } from '../db/database.ts';
import type { AttemptFilter } from '../progress/queries/list-attempts.ts';
import { COLUMN_NAMES, cellsOf } from './attempt-columns.ts';
import { attemptPages } from './attempt-pages.ts';
import { csvLines } from './csv.ts';
import type { ExportFormat } from './formats.ts';
import { xlsx } from './xlsx.ts';

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
