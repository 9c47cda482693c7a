import { describe, expect, test } from 'vitest';
import {
  decodeRoster,
  guessMapping,
  parseRoster,
  type RosterTable,
  rosterRows,
} from '../../web/src/pages/learners/roster-file.ts';

function table(text: string): RosterTable {
  const read = parseRoster(text);
  if (read === null) throw new Error('no table');
  return read;
}

describe('a roster of a school', () => {
  test.each([
    ['semicolons', 'Name;E-Mail;Klasse\nIda Berg;ida@school.example;7b'],
    ['commas and quotes', 'Name,E-Mail,Klasse\n"Ida Berg",ida@school.example,"7b"'],
    ['tabs, pasted', 'Name\tE-Mail\tKlasse\r\nIda Berg\tida@school.example\t7b\r\n'],
    ['a byte order mark', '\uFEFFName;E-Mail;Klasse\nIda Berg;ida@school.example;7b'],
  ])('reads %s', (_, text) => {
    const read = table(text);
    expect(rosterRows(read, guessMapping(read), {})).toEqual([
      { name: 'Ida Berg', email: 'ida@school.example', cohort: '7b' },
    ]);
  });

  test('puts first and last names together, whatever their order', () => {
    const read = table('Nachname;Vorname;E-Mail-Adresse;Matrikelnummer\nÖz;Uwe;uwe@school.example;4711');
    expect(rosterRows(read, guessMapping(read), { source: 'src_1', cohort: '7b' })).toEqual([
      { name: 'Uwe Öz', email: 'uwe@school.example', externalId: '4711', source: 'src_1', cohort: '7b' },
    ]);
  });

  test('knows a column of addresses without a heading that says so', () => {
    const read = table('Student;Kontakt\nIda;ida@school.example\nUwe;uwe@school.example');
    expect(guessMapping(read).email).toBe(1);
  });

  test('keeps the lines of a spreadsheet over empty ones', () => {
    const read = table('Name;E-Mail\n\nIda;ida@school.example\n;\nUwe;uwe@school.example');
    expect(read.lines).toEqual([3, 5]);
  });

  test('is no table without a row', () => {
    expect(parseRoster('Name;E-Mail\n')).toBeNull();
    expect(parseRoster('  ')).toBeNull();
  });

  test('reads what Excel writes in Europe, and UTF-16', () => {
    expect(decodeRoster(new Uint8Array([0x4d, 0xfc, 0x6c, 0x6c, 0x65, 0x72]).buffer)).toBe('Müller');
    expect(decodeRoster(new TextEncoder().encode('Müller').buffer)).toBe('Müller');
    expect(decodeRoster(new Uint8Array([0xff, 0xfe, 0xfc, 0x00]).buffer)).toBe('ü');
  });
});
