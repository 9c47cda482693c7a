/**
 * Rows as an Office Open XML spreadsheet, written as they come: nothing is kept but the page at hand
 * (docs/decisions/0121-exports.md says why no library for spreadsheets).
 */
import { once } from 'node:events';
import { PassThrough, Readable } from 'node:stream';
import { ZipFile } from 'yazl';
import type { Cell } from './attempt-columns.ts';
import { safeCell } from './safe-cell.ts';

/** Excel opens no sheet with more rows; what is over goes to the next sheet. The first is the header. */
const MOST_ROWS = 1_048_576;

export interface SheetOptions {
  name: string;
  columns: readonly string[];
  mostRows?: number;
}

/** The file's bytes. Reading stops the rows when the reader goes away. */
export function xlsx(pages: AsyncIterable<readonly (readonly Cell[])[]>, options: SheetOptions): Readable {
  const zip = new ZipFile();
  const output = new PassThrough();
  zip.outputStream.pipe(output);
  zip.on('error', (error: Error) => output.destroy(error));
  void write(zip, pages, options, output).catch((error: Error) => output.destroy(error));
  return output;
}

async function write(
  zip: ZipFile,
  pages: AsyncIterable<readonly (readonly Cell[])[]>,
  options: SheetOptions,
  output: PassThrough,
): Promise<void> {
  const most = options.mostRows ?? MOST_ROWS;
  const rows = pages[Symbol.asyncIterator]();
  let left: readonly (readonly Cell[])[] = [];
  let ended = false;
  /** Of one sheet: the header, then rows until the sheet is full or there are none. */
  async function* sheet(): AsyncGenerator<string> {
    yield SHEET_START + rowXml(1, options.columns, true);
    let row = 1;
    for (;;) {
      if (left.length === 0) {
        const next = await rows.next();
        if (next.done === true) {
          ended = true;
          break;
        }
        left = next.value;
      }
      const fitting = left.slice(0, most - row);
      left = left.slice(fitting.length);
      if (fitting.length > 0) yield fitting.map((cells) => rowXml(++row, cells, false)).join('');
      if (row >= most) break;
    }
    yield SHEET_END;
  }
  let sheets = 0;
  output.once('close', () => void rows.return?.());
  do {
    sheets += 1;
    const source = Readable.from(sheet(), { objectMode: false, highWaterMark: 64 * 1024 });
    output.once('close', () => source.destroy());
    zip.addReadStream(source, `xl/worksheets/sheet${sheets}.xml`);
    await once(source, 'end');
    // A full sheet says nothing about whether more is to come.
    if (!ended && left.length === 0) {
      const next = await rows.next();
      if (next.done === true) ended = true;
      else left = next.value;
    }
  } while (!ended || left.length > 0);
  for (const [path, xml] of Object.entries(parts(sheets, options.name))) zip.addBuffer(Buffer.from(xml), path);
  zip.end();
}

const DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
const MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const RELATIONS = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const PACKAGE = 'http://schemas.openxmlformats.org/package/2006';
const CONTENT = 'application/vnd.openxmlformats-officedocument.spreadsheetml';
const SHEET_START = `${DECLARATION}<worksheet xmlns="${MAIN}"><sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews><sheetData>`;
const SHEET_END = '</sheetData></worksheet>';

/** Styles: 0 plain, 1 a time, 2 the header. */
const STYLES = `${DECLARATION}<styleSheet xmlns="${MAIN}"><numFmts count="1"><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd\\ hh:mm:ss"/></numFmts><fonts count="2"><font><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/></font></fonts><fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="3"><xf/><xf numFmtId="164" applyNumberFormat="1"/><xf fontId="1" applyFont="1"/></cellXfs></styleSheet>`;

function parts(sheets: number, name: string): Record<string, string> {
  const numbers = Array.from({ length: sheets }, (_, i) => i + 1);
  const title = (n: number): string => xmlText(n === 1 ? name : `${name} ${n}`);
  return {
    '[Content_Types].xml': `${DECLARATION}<Types xmlns="${PACKAGE}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="${CONTENT}.sheet.main+xml"/><Override PartName="/xl/styles.xml" ContentType="${CONTENT}.styles+xml"/>${numbers.map((n) => `<Override PartName="/xl/worksheets/sheet${n}.xml" ContentType="${CONTENT}.worksheet+xml"/>`).join('')}</Types>`,
    '_rels/.rels': `${DECLARATION}<Relationships xmlns="${PACKAGE}/relationships"><Relationship Id="rId1" Type="${RELATIONS}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
    'xl/workbook.xml': `${DECLARATION}<workbook xmlns="${MAIN}" xmlns:r="${RELATIONS}"><sheets>${numbers.map((n) => `<sheet name="${title(n)}" sheetId="${n}" r:id="rId${n}"/>`).join('')}</sheets></workbook>`,
    'xl/_rels/workbook.xml.rels': `${DECLARATION}<Relationships xmlns="${PACKAGE}/relationships">${numbers.map((n) => `<Relationship Id="rId${n}" Type="${RELATIONS}/worksheet" Target="worksheets/sheet${n}.xml"/>`).join('')}<Relationship Id="rId${sheets + 1}" Type="${RELATIONS}/styles" Target="styles.xml"/></Relationships>`,
    'xl/styles.xml': STYLES,
  };
}

function rowXml(row: number, cells: readonly Cell[], header: boolean): string {
  return `<row r="${row}">${cells.map((cell, i) => cellXml(`${columnName(i)}${row}`, cell, header)).join('')}</row>`;
}

/** Texts are of the type text: a spreadsheet shows them and never runs them. They are escaped all the same, for it is saved as CSV next. */
function cellXml(at: string, cell: Cell, header: boolean): string {
  if (cell === null) return '';
  if (typeof cell === 'number') return Number.isFinite(cell) ? `<c r="${at}"><v>${cell}</v></c>` : '';
  if (typeof cell === 'boolean') return `<c r="${at}" t="b"><v>${cell ? 1 : 0}</v></c>`;
  if (cell instanceof Date) return `<c r="${at}" s="1"><v>${serialDay(cell)}</v></c>`;
  const style = header ? ' s="2"' : '';
  return `<c r="${at}" t="inlineStr"${style}><is><t xml:space="preserve">${xmlText(safeCell(cell))}</t></is></c>`;
}

const DAY_MS = 86_400_000;
/** Days from 1899-12-30, which spreadsheets count from, to 1970-01-01. */
const UNIX_DAY = 25_569;

function serialDay(date: Date): number {
  return date.getTime() / DAY_MS + UNIX_DAY;
}

/** 0 → A, 25 → Z, 26 → AA. */
function columnName(index: number): string {
  const letter = String.fromCharCode(65 + (index % 26));
  return index < 26 ? letter : columnName(Math.floor(index / 26) - 1) + letter;
}

/** Excel holds at most this many characters in a cell and calls a file with more broken. */
const MOST_TEXT = 32_767;
/** Control characters, halves of pairs and two code points that XML 1.0 has no place for. */
const NOT_XML = /(?![\t\n\r])\p{Cc}|\p{Cs}|[\ufffe\uffff]/gu;
const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

function xmlText(text: string): string {
  return text
    .slice(0, MOST_TEXT)
    .replace(NOT_XML, '')
    .replace(/[&<>"]/g, (character) => ENTITIES[character] ?? '');
}
