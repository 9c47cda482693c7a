/** Texts, keys and topics of questions as CSV: read line by line with what is wrong in each, and written as a template. */
import Papa from 'papaparse';
import type { ActivityItem } from './item-sort.ts';
import type { ToldItem } from './told-items.ts';

const COLUMNS = ['questionId', 'text', 'topics', 'answerId', 'answerText', 'correct'] as const;
type Column = (typeof COLUMNS)[number];

/** The API's bounds. */
const MOST_TEXT = 10_000;
const MOST_ANSWER_TEXT = 2_000;
const MOST_ID = 1_000;
const MOST_TOPIC = 200;
export const MOST_QUESTIONS = 2_000;

const YES = new Set(['1', 'true', 'yes', 'x', 'ja']);
const NO = new Set(['0', 'false', 'no', 'nein']);

export interface FileProblem {
  name: 'noQuestion' | 'badCorrect' | 'choiceTwice' | 'tooLong';
  /** What it is about. */
  value: string;
}

export interface FileLine {
  /** As a spreadsheet numbers it. */
  line: number;
  questionId: string;
  text: string;
  topics: string[];
  answerId: string;
  answerText: string;
  correct: boolean | null;
  problem: FileProblem | null;
}

/** The lines of a file; `noTable`: no heading and row in it; `noIdColumn`: no column questionId. */
export function readItemsFile(file: string): FileLine[] | 'noTable' | 'noIdColumn' {
  const { data } = Papa.parse<string[]>(file.replace(/^\uFEFF/, ''), { delimiter: '' });
  const records = data
    .map((cells, index) => ({ cells: cells.map(cleanCell), line: index + 1 }))
    .filter(({ cells }) => cells.some((cell) => cell !== ''));
  const [head, ...rows] = records;
  if (head === undefined || rows.length === 0) return 'noTable';
  const at = new Map<Column, number>();
  for (const column of COLUMNS) {
    const index = head.cells.findIndex((cell) => cell.toLowerCase().replaceAll(/[\s_-]/g, '') === column.toLowerCase());
    if (index !== -1) at.set(column, index);
  }
  if (!at.has('questionId')) return 'noIdColumn';
  const seen = new Set<string>();
  return rows.map(({ cells, line }) => {
    const cell = (column: Column) => cells[at.get(column) ?? -1] ?? '';
    const word = cell('correct').toLowerCase();
    const read = {
      line,
      questionId: cell('questionId'),
      text: cell('text'),
      topics: [
        ...new Set(
          cell('topics')
            .split(';')
            .map((topic) => topic.trim()),
        ),
      ].filter((topic) => topic !== ''),
      answerId: cell('answerId'),
      answerText: cell('answerText'),
      correct: YES.has(word) ? true : NO.has(word) ? false : null,
    };
    return { ...read, problem: problemOf(read, word, seen) };
  });
}

function problemOf(line: Omit<FileLine, 'problem'>, word: string, seen: Set<string>): FileProblem | null {
  if (line.questionId === '') return { name: 'noQuestion', value: '' };
  if (word !== '' && line.correct === null) return { name: 'badCorrect', value: word.slice(0, 40) };
  const tooLong = (
    [
      [line.questionId, MOST_ID],
      [line.answerId, MOST_ID],
      [line.text, MOST_TEXT],
      [line.answerText, MOST_ANSWER_TEXT],
      ...line.topics.map((topic) => [topic, MOST_TOPIC] as const),
    ] as const
  ).find(([text, most]) => text.length > most);
  if (tooLong !== undefined) return { name: 'tooLong', value: String(tooLong[1]) };
  if (line.answerId === '') return null;
  const key = JSON.stringify([line.questionId, line.answerId]);
  if (seen.has(key)) return { name: 'choiceTwice', value: line.answerId };
  seen.add(key);
  return null;
}

/** The questions that the lines tell of. */
export function itemsOfLines(lines: readonly FileLine[]): ToldItem[] {
  const items = new Map<string, ToldItem>();
  for (const line of lines) {
    const item = items.get(line.questionId) ?? { questionId: line.questionId, text: null, choices: [], topics: [] };
    items.set(line.questionId, item);
    if (line.text !== '') item.text = line.text;
    if (line.topics.length > 0) item.topics = line.topics;
    if (line.answerId === '') continue;
    item.choices.push({
      answerId: line.answerId,
      text: line.answerText === '' ? null : line.answerText,
      correct: line.correct,
    });
  }
  return [...items.values()];
}

/** What is known of the questions, to be filled in; cells that a spreadsheet would run as formulas have an apostrophe before them. */
export function itemsTemplate(items: readonly ActivityItem[]): string {
  const rows = items.flatMap((item) => {
    const question = [item.questionId, item.text ?? '', item.topics.join('; ')];
    if (item.choices.length === 0) return [[...question, '', '', '']];
    return item.choices.map((choice, index) => [
      ...(index === 0 ? question : [item.questionId, '', '']),
      choice.answerId,
      choice.text ?? '',
      choice.correct === null ? '' : String(choice.correct),
    ]);
  });
  const example = [
    ['question-1', 'What is 2 + 2?', 'arithmetic; addition', 'a', '3', 'false'],
    ['question-1', '', '', 'b', '4', 'true'],
  ];
  // The mark at the front tells Excel that it is UTF-8.
  return `\uFEFF${Papa.unparse([[...COLUMNS], ...(rows.length > 0 ? rows : example)], { escapeFormulae: true })}`;
}

/** Without the apostrophe that the template puts before what looks like a formula. */
function cleanCell(cell: string): string {
  return cell.trim().replace(/^'(?=[=+\-@\t\r])/, '');
}
