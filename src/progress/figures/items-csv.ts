/** What people tell of questions, as CSV: a line for each choice, or for each question without choices. */
import { parse } from 'csv-parse/sync';

export interface CsvItem {
  questionId: string;
  text?: string;
  topics?: string[];
  choices?: { answerId: string; text?: string; correct?: boolean }[];
}

const YES = new Set(['1', 'true', 'yes', 'x', 'ja']);
const NO = new Set(['0', 'false', 'no', 'nein']);

/**
 * Items of CSV with the columns questionId, text, topics (separated by `;`), answerId, answerText, correct, in any order; only
 * questionId is needed. `problem`: a sentence that says what to change.
 */
export function itemsOfCsv(csv: string): { items: CsvItem[] } | { problem: string } {
  let rows: Record<string, string | undefined>[];
  try {
    rows = parse(csv, { columns: true, bom: true, trim: true, skip_empty_lines: true, relax_column_count_less: true });
  } catch (error) {
    return {
      problem: `This is no CSV that can be read: ${(error as Error).message}. Save it as CSV with a head line.`,
    };
  }
  const items = new Map<string, CsvItem>();
  for (const [i, row] of rows.entries()) {
    const line = `Line ${i + 2}`;
    const { questionId = '', text = '', topics = '', answerId = '', answerText = '', correct = '' } = row;
    if (questionId === '') return { problem: `${line} names no question. Fill the column questionId in every line.` };
    const item = items.get(questionId) ?? { questionId };
    items.set(questionId, item);
    if (text !== '') item.text = text;
    if (topics !== '') item.topics = [...new Set(topics.split(';').map((t) => t.trim()))].filter((t) => t !== '');
    if (answerId === '') continue;
    const word = correct.toLowerCase();
    if (word !== '' && !YES.has(word) && !NO.has(word))
      return { problem: `${line} says "${correct.slice(0, 40)}" in the column correct. Write true or false.` };
    item.choices ??= [];
    item.choices.push({
      answerId,
      ...(answerText === '' ? {} : { text: answerText }),
      ...(word === '' ? {} : { correct: YES.has(word) }),
    });
  }
  return { items: [...items.values()] };
}
