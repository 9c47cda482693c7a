/** Reads a roster that a school has: any separator, any of the usual encodings, columns in any order. */
import Papa from 'papaparse';

/** What a column can mean. First and last names are put together before they are sent. */
export const ROSTER_FIELDS = [
  'name',
  'firstName',
  'lastName',
  'email',
  'externalId',
  'cohort',
  'provider',
  'source',
] as const;
export type RosterField = (typeof ROSTER_FIELDS)[number];

/** Index of the column of each field; null: no column is it. */
export type RosterMapping = Record<RosterField, number | null>;

export interface RosterTable {
  header: string[];
  rows: string[][];
  /** The line of each row as a spreadsheet numbers it. */
  lines: number[];
}

/** A row as the API takes it. */
export interface RosterRow {
  name?: string;
  email?: string;
  externalId?: string;
  provider?: string;
  source?: string;
  cohort?: string;
}

/** Text of a file: UTF-8, UTF-16 with its mark, else Windows-1252, which Excel writes in most of Europe. */
export function decodeRoster(bytes: ArrayBuffer): string {
  const [first, second] = new Uint8Array(bytes, 0, Math.min(2, bytes.byteLength));
  if (first === 0xff && second === 0xfe) return new TextDecoder('utf-16le').decode(bytes);
  if (first === 0xfe && second === 0xff) return new TextDecoder('utf-16be').decode(bytes);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder('windows-1252').decode(bytes);
  }
}

/** The table in a text; null where there are not even a heading and one row. */
export function parseRoster(text: string): RosterTable | null {
  const plain = text.replace(/^\uFEFF/, '');
  // Guessed without empty lines, which look like a table of one column; read with them, so that lines keep their numbers.
  const { delimiter } = Papa.parse<string[]>(plain, { preview: 50, skipEmptyLines: true }).meta;
  const { data } = Papa.parse<string[]>(plain, { delimiter });
  const records = data
    .map((cells, index) => ({ cells: cells.map((cell) => cell.trim()), line: index + 1 }))
    .filter(({ cells }) => cells.some((cell) => cell !== ''));
  const [header, ...rows] = records;
  if (header === undefined || rows.length === 0) return null;
  return { header: header.cells, rows: rows.map(({ cells }) => cells), lines: rows.map(({ line }) => line) };
}

/** How schools head their columns, in the languages of the dashboard; the first field that fits a column has it. */
const HEADS: [RosterField, RegExp][] = [
  ['email', /e-?mail|mailadresse|^mail$/],
  ['firstName', /^(first|given)[ _-]?names?$|^vornamen?$|^rufname$/],
  ['lastName', /^(last|family)[ _-]?name$|^surname$|^(nach|familien)name$/],
  [
    'externalId',
    /external|(user|student|learner|matri[ck]).*(id|no|number|nummer|nr)\b|^id$|kennung|matrikel|user ?name|benutzername/,
  ],
  ['cohort', /class|cohort|group|section|klasse|kurs|gruppe|kohorte/],
  ['provider', /provider|platform|plattform/],
  ['source', /source|quelle/],
  ['name', /name|student|learner|schüler|lernende/],
];

/** Guesses what each column is from its heading, else that a column full of addresses is the e-mail. */
export function guessMapping(table: RosterTable): RosterMapping {
  const mapping = Object.fromEntries(ROSTER_FIELDS.map((field) => [field, null])) as RosterMapping;
  const taken = new Set<number>();
  for (const [field, pattern] of HEADS) {
    const column = table.header.findIndex((head, index) => !taken.has(index) && pattern.test(head.toLowerCase()));
    if (column === -1) continue;
    mapping[field] = column;
    taken.add(column);
  }
  // A first and a last name say more than a display name beside them, of which one stays for the whole.
  if (mapping.firstName !== null && mapping.lastName !== null) mapping.name = null;
  if (mapping.email === null) {
    const column = table.header.findIndex(
      (_, index) =>
        !taken.has(index) && table.rows.slice(0, 20).every((row) => /^[^\s@]+@[^\s@]+$/.test(row[index] ?? '')),
    );
    if (column !== -1) mapping.email = column;
  }
  return mapping;
}

/** Rows as the API takes them; `fixed` stands in every row whose own cell is empty. */
export function rosterRows(
  table: RosterTable,
  mapping: RosterMapping,
  fixed: { source?: string; cohort?: string },
): RosterRow[] {
  return table.rows.map((cells) => {
    const cell = (field: RosterField): string => {
      const column = mapping[field];
      return column === null ? '' : (cells[column] ?? '');
    };
    const row: RosterRow = {};
    const put = (field: keyof RosterRow, value: string | undefined) => {
      if (value !== undefined && value !== '') row[field] = value;
    };
    put('name', cell('name') || `${cell('firstName')} ${cell('lastName')}`.trim());
    put('email', cell('email'));
    put('externalId', cell('externalId'));
    put('provider', cell('provider').toLowerCase());
    put(
      'source',
      cell('source') || (row.externalId !== undefined && row.provider === undefined ? fixed.source : undefined),
    );
    put('cohort', cell('cohort') || fixed.cohort);
    return row;
  });
}
