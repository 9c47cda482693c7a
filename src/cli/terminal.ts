/** What people see: colours only where a terminal shows them, text that cannot play tricks, tables that fit the width. */
import { createRequire } from 'node:module';
import { relative } from 'node:path';
import { styleText } from 'node:util';

type Stream = NodeJS.WriteStream;
export type Style = 'bold' | 'dim' | 'green' | 'yellow' | 'red' | 'cyan';

/** Text in a style when the stream is a terminal that shows colours (NO_COLOR and FORCE_COLOR are heeded). */
export function styled(style: Style | readonly Style[], text: string, stream: Stream = process.stdout): string {
  return styleText(typeof style === 'string' ? style : [...style], text, { stream });
}

/** Columns to write in: the terminal's, within what reads well; 100 where there is no terminal. */
export function widthOf(stream: Stream = process.stdout): number {
  return stream.isTTY ? Math.max(40, Math.min(stream.columns || 80, 140)) : 100;
}

/** Text from outside, made safe: an escape sequence in a learner's name must not recolour or clear the terminal. */
export function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Co}\p{Cs}\u2028\u2029]/gu, '·');
}

/** Loaded for the first text that needs it: making its patterns takes longer than most commands do. */
let stringWidth: ((text: string) => number) | undefined;

/** Columns that a text takes on screen. */
export function columns(text: string): number {
  if (/^[ -~]*$/.test(text)) return text.length;
  stringWidth ??= (createRequire(import.meta.url)('string-width') as typeof import('string-width')).default;
  return stringWidth(text);
}

/** Cut to `width` columns, with … where something is missing. */
export function shorten(text: string, width: number): string {
  if (columns(text) <= width) return text;
  if (width <= 0) return '';
  let kept = '';
  let used = 0;
  for (const { segment } of new Intl.Segmenter().segment(text)) {
    used += columns(segment);
    if (used > width - 1) break;
    kept += segment;
  }
  return `${kept}…`;
}

/** The text in lines of at most `width` columns, broken at blanks; a word longer than that stands alone. */
export function wrapped(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && columns(line) + 1 + columns(word) > width) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line];
}

/** Filled up with blanks to `width` columns. */
export function pad(text: string, width: number, align: 'left' | 'right' = 'left'): string {
  const blanks = ' '.repeat(Math.max(0, width - columns(text)));
  return align === 'left' ? text + blanks : blanks + text;
}

export interface Column<Row> {
  title: string;
  value: (row: Row) => string;
  align?: 'right';
  style?: (row: Row) => Style | null;
  /** May be shortened to fit the terminal; ids and URLs are not, since people copy them. */
  shrinks?: boolean;
}

/** Lines of a table: dim headings, two blanks between columns. On a terminal shrinking columns give way to its width. */
export function table<Row>(
  rows: readonly Row[],
  spec: readonly Column<Row>[],
  stream: Stream = process.stdout,
): string {
  const cells = rows.map((row) => spec.map((column) => printable(column.value(row))));
  const widths = spec.map((column, i) =>
    Math.max(columns(column.title), ...cells.map((line) => columns(line[i] ?? ''))),
  );
  if (stream.isTTY) shrink(widths, spec, widthOf(stream));
  const line = (texts: readonly string[], style: (i: number, padded: string) => string): string =>
    texts
      .map((text, i) => {
        const width = widths[i] ?? 0;
        const shown = shorten(text, width);
        return style(
          i,
          i === texts.length - 1 && spec[i]?.align !== 'right' ? shown : pad(shown, width, spec[i]?.align),
        );
      })
      .join('  ')
      .trimEnd();
  const head = line(
    spec.map((column) => column.title),
    (_, text) => styled('dim', text, stream),
  );
  const body = cells.map((texts, r) =>
    line(texts, (i, text) => {
      const row = rows[r];
      const style = row === undefined ? null : (spec[i]?.style?.(row) ?? null);
      return style === null ? text : styled(style, text, stream);
    }),
  );
  return [head, ...body].join('\n');
}

/** Below this a name says nothing; then lines had better wrap. */
const NARROWEST = 14;

function shrink(widths: number[], spec: readonly Column<never>[], width: number): void {
  let over = widths.reduce((sum, w) => sum + w, 0) + 2 * (widths.length - 1) - width;
  const spare = widths.map((w, i) => (spec[i]?.shrinks === true ? Math.max(0, w - NARROWEST) : 0));
  // Where shortening does not help, nothing is cut.
  if (over > spare.reduce((sum, w) => sum + w, 0)) return;
  for (const [i, most] of spare.entries()) {
    const less = Math.min(most, Math.max(0, over));
    widths[i] = (widths[i] ?? 0) - less;
    over -= less;
  }
}

/** `1234567` → `1,234,567`. */
export function grouped(n: number): string {
  return n.toLocaleString('en-US');
}

/** Milliseconds for people: three digits and a unit. */
export function milliseconds(ms: number | null): string {
  if (ms === null) return '–';
  if (ms >= 10_000) return `${(ms / 1000).toFixed(1)} s`;
  return ms >= 100 ? `${Math.round(ms)} ms` : `${ms.toPrecision(2)} ms`;
}

/** A path relative to where the user stands, when that is shorter. */
export function shortPath(path: string): string {
  const short = relative(process.cwd(), path);
  return short === '' ? '.' : short.length < path.length ? short : path;
}

/** Takes a status line away that is drawn in place, so that the next line does not end up behind it. */
let makeRoom: () => void = () => {};

/** For a status line: called before anything else is written. */
export function beforeOutput(clear: () => void): void {
  makeRoom = clear;
}

/** Writes a line to stdout. */
export function say(text = ''): void {
  makeRoom();
  process.stdout.write(`${text}\n`);
}

/** Writes a line to stderr: what is not the answer itself. */
export function note(text: string): void {
  makeRoom();
  process.stderr.write(`${text}\n`);
}

/** Writes one JSON value, indented for eyes on a terminal. */
export function sayJson(value: unknown): void {
  say(JSON.stringify(value, null, 2));
}
