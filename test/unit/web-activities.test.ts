/** What the dashboard's pages of activities decide by themselves. */
import { describe, expect, test } from 'vitest';
import { type ActivityItem, sortItems } from '../../web/src/pages/activities/item-sort.ts';
import { separationWord } from '../../web/src/pages/activities/item-words.ts';
import { itemsOfLines, itemsTemplate, readItemsFile } from '../../web/src/pages/activities/items-file.ts';
import { fromLocalInput, toLocalInput } from '../../web/src/pages/activities/local-time.ts';
import { middleHalf } from '../../web/src/pages/activities/middle-half.ts';
import { toldOf, withChanged } from '../../web/src/pages/activities/told-items.ts';

function item(questionId: string, part: Partial<ActivityItem> = {}): ActivityItem {
  return {
    questionId,
    text: null,
    answered: 0,
    unanswered: 0,
    facility: null,
    discrimination: null,
    discriminationN: 0,
    choices: [],
    topics: [],
    ...part,
  };
}

describe('question texts from a file', () => {
  test('reads a line for each choice, whatever the separator and the order of columns', () => {
    const lines = readItemsFile(
      'Correct;answer text;answerId;questionId;topics;text\nno;3;a;q1;sums; What is 2 + 2?\nja;4;b;q1;;\n;;;q2;;Why?',
    );
    if (typeof lines === 'string') throw new Error(lines);
    expect(lines.map(({ problem }) => problem)).toEqual([null, null, null]);
    expect(itemsOfLines(lines)).toEqual([
      {
        questionId: 'q1',
        text: 'What is 2 + 2?',
        topics: ['sums'],
        choices: [
          { answerId: 'a', text: '3', correct: false },
          { answerId: 'b', text: '4', correct: true },
        ],
      },
      { questionId: 'q2', text: 'Why?', topics: [], choices: [] },
    ]);
  });

  test('says what is wrong in which line', () => {
    const lines = readItemsFile(
      `questionId,answerId,correct,text\n,a,true,x\nq1,a,maybe,x\nq1,b,,x\nq1,b,,x\n\nq2,,,${'x'.repeat(10_001)}`,
    );
    if (typeof lines === 'string') throw new Error(lines);
    expect(lines.map(({ line, problem }) => [line, problem?.name ?? null])).toEqual([
      [2, 'noQuestion'],
      [3, 'badCorrect'],
      [4, null],
      [5, 'choiceTwice'],
      [7, 'tooLong'],
    ]);
  });

  test('refuses what is no table of questions', () => {
    expect(readItemsFile('')).toBe('noTable');
    expect(readItemsFile('questionId,text')).toBe('noTable');
    expect(readItemsFile('id,text\n1,x')).toBe('noIdColumn');
  });

  test('the template read again is what is known, formulas included, and no spreadsheet runs them', () => {
    const known = [
      item('q1', {
        text: '=1+1 is "what", exactly?',
        topics: ['sums', 'dates; no'],
        choices: [
          { answerId: 'a', text: '-2', count: 3, correct: true },
          { answerId: 'b', text: null, count: 1, correct: false },
        ],
      }),
      item('q2', { text: 'Two\nlines' }),
    ];
    const file = itemsTemplate(known);
    expect(file).toContain(`"'=1+1`);
    const lines = readItemsFile(file);
    if (typeof lines === 'string') throw new Error(lines);
    const [q1, q2] = itemsOfLines(lines);
    expect(q1).toMatchObject({ text: '=1+1 is "what", exactly?', choices: toldOf(known)[0]?.choices });
    expect(q2).toMatchObject({ questionId: 'q2', text: 'Two\nlines' });
  });
});

describe('telling of one question', () => {
  const known = toldOf([
    item('q1', { text: 'One' }),
    item('q2'),
    item('q3', { choices: [{ answerId: 'a', text: null, count: 2, correct: true }] }),
  ]);

  test('keeps what was told of the others, in its place', () => {
    const changed = { questionId: 'q1', text: 'Uno', choices: [], topics: [] };
    const added = { questionId: 'q9', text: 'Nine', choices: [], topics: [] };
    expect(withChanged(known, [added, changed]).map(({ questionId, text }) => [questionId, text])).toEqual([
      ['q1', 'Uno'],
      ['q3', null],
      ['q9', 'Nine'],
    ]);
  });

  test('a key without a text is not lost', () => {
    expect(known.find(({ questionId }) => questionId === 'q3')?.choices).toEqual([
      { answerId: 'a', text: null, correct: true },
    ]);
  });
});

test('questions without a figure, or with too few answers for it, stand last either way', () => {
  const items = [
    item('few', { discrimination: 90, discriminationN: 29 }),
    item('low', { discrimination: 5, discriminationN: 30 }),
    item('none', { discrimination: null, discriminationN: 50 }),
    item('high', { discrimination: 60, discriminationN: 40 }),
  ];
  const ids = (order: 'asc' | 'desc') => sortItems(items, 'discrimination', order).map(({ questionId }) => questionId);
  expect(ids('asc')).toEqual(['low', 'high', 'few', 'none']);
  expect(ids('desc')).toEqual(['high', 'low', 'few', 'none']);
});

test('a question that separates the wrong way round is never called good', () => {
  expect([-1, 0, 20, 30, 50].map(separationWord)).toEqual(['wrong', 'hardly', 'weak', 'well', 'very']);
});

test('a due time is the same moment after it was shown and saved again', () => {
  const at = '2026-04-08T14:30:00.000Z';
  expect(fromLocalInput(toLocalInput(at))).toBe(at);
  expect([toLocalInput(null), fromLocalInput(''), fromLocalInput('no time')]).toEqual(['', null, null]);
});

test('the middle half of a distribution leaves out what few have', () => {
  const bins = [1, 0, 4, 4, 1].map((count, i) => ({ from: 10 * i, to: 10 * i + 10, count }));
  expect(middleHalf(bins)).toEqual({ from: 20, to: 40 });
});
