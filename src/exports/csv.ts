/** Rows as CSV (RFC 4180), UTF-8. */
import { stringify } from 'csv-stringify/sync';
import type { Cell } from './attempt-columns.ts';
import { safeCell } from './safe-cell.ts';

/** Lines of rows. Texts that a spreadsheet would run as formulas are escaped; numbers stay numbers. */
export function csvLines(rows: readonly (readonly Cell[])[]): string {
  return stringify(
    rows.map((row) => row.map(csvCell)),
    { record_delimiter: '\r\n' },
  );
}

function csvCell(cell: Cell): string {
  if (cell === null) return '';
  if (typeof cell === 'string') return safeCell(cell);
  return cell instanceof Date ? cell.toISOString() : String(cell);
}
