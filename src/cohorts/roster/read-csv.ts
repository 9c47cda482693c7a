/** A roster as CSV, as spreadsheets write it: with commas, semicolons or tabs, with or without a byte order mark. */
import { Readable } from 'node:stream';
import { CsvError, parse } from 'csv-parse';
import { ROSTER_FIELDS, type RosterField, type RosterRow } from './row.ts';

/** What cannot be read as a whole; a sentence that says what to do. */
export class UnreadableCsv extends Error {}

/** Given to the parser at a time, so that a large file does not keep the process from everything else. */
const CHUNK = 64 * 1024;

/** Column headers people write, in small letters without spaces, dashes and underscores. */
const HEADERS: Record<RosterField, readonly string[]> = {
  provider: ['provider', 'platform'],
  source: ['source'],
  externalId: ['externalid', 'id', 'userid', 'studentid', 'learnerid'],
  email: ['email', 'emailaddress', 'mail'],
  name: ['name', 'fullname', 'student', 'learner'],
  cohort: ['cohort', 'class', 'group'],
};

/**
 * Rows of a CSV with a header. `mapping` says which column is what; without it columns are known by their headers. `most`: rows
 * at most. Throws UnreadableCsv.
 */
export async function readRosterCsv(
  bytes: Buffer,
  mapping: Partial<Record<RosterField, string>> | null,
  most: number,
): Promise<RosterRow[]> {
  const text = decode(bytes);
  const parser = Readable.from(chunks(text)).pipe(
    parse({ bom: true, delimiter: delimiterOf(text), relax_column_count: true, skip_empty_lines: true, trim: true }),
  );
  const rows: RosterRow[] = [];
  let columns: Map<RosterField, number> | null = null;
  try {
    for await (const cells of parser as AsyncIterable<string[]>) {
      if (columns === null) {
        columns = columnsOf(cells, mapping);
        continue;
      }
      if (cells.every((cell) => cell === '')) continue;
      if (rows.length === most)
        throw new UnreadableCsv(`The file has more than ${most} rows. Split it and import the parts one by one.`);
      const row: RosterRow = {};
      for (const [field, at] of columns) row[field] = cells[at] ?? null;
      rows.push(row);
    }
  } catch (error) {
    if (error instanceof CsvError)
      throw new UnreadableCsv(`The file cannot be read as CSV: ${error.message}. Save it as CSV again.`);
    throw error;
  }
  if (columns === null) throw new UnreadableCsv('The file is empty. Its first line must name the columns.');
  return rows;
}

function decode(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new UnreadableCsv('The file is not UTF-8. Save it as "CSV UTF-8" and import it again.');
  }
}

function* chunks(text: string): Generator<string> {
  for (let at = 0; at < text.length; at += CHUNK) yield text.slice(at, at + CHUNK);
}

/** Whichever of the three stands most often in the first line. */
function delimiterOf(text: string): string {
  const header = text.slice(0, 10_000).split(/\r|\n/, 1)[0] ?? '';
  const count = (delimiter: string): number => header.split(delimiter).length;
  return [',', ';', '\t'].reduce((best, next) => (count(next) > count(best) ? next : best));
}

function columnsOf(
  headers: readonly string[],
  mapping: Partial<Record<RosterField, string>> | null,
): Map<RosterField, number> {
  const columns = new Map<RosterField, number>();
  const short = headers.map((header) => header.toLowerCase().replace(/[\s_-]/g, ''));
  for (const field of ROSTER_FIELDS) {
    const header = mapping?.[field];
    const at =
      mapping === null
        ? short.findIndex((name) => HEADERS[field].includes(name))
        : headers.indexOf(header?.trim() ?? '');
    if (header !== undefined && at < 0)
      throw new UnreadableCsv(
        `There is no column ${JSON.stringify(header)}. The file has: ${headers.map((name) => JSON.stringify(name)).join(', ')}.`,
      );
    if (at >= 0) columns.set(field, at);
  }
  if (!columns.has('externalId') && !columns.has('email'))
    throw new UnreadableCsv(
      'No column is an e-mail or an external id. Say which is, with `mapping`, such as {"email": "E-Mail"}.',
    );
  return columns;
}
