import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  boolArray,
  byteaArray,
  int4Array,
  int8Array,
  textArray,
  timestamptzArray,
  uuidArray,
  uuidTextArray,
} from '../../src/db/binary-arrays.ts';
import { createTestDatabase, type TestDatabase } from '../helpers/database.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

it('PostgreSQL reads back what was written', async () => {
  const row = fc.record({
    i: fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }),
    l: fc.maxSafeInteger(),
    b: fc.boolean(),
    y: fc.uint8Array({ maxLength: 300 }),
    u: fc.uuid(),
    v: fc.option(fc.uuid()),
    t: fc.option(fc.string({ unit: 'grapheme' }).map((text) => text.toWellFormed().replaceAll('\0', ''))),
    // Before and after 2000, PostgreSQL's epoch.
    at: fc.date({ min: new Date('1970-01-01'), max: new Date('2100-01-01'), noInvalidDate: true }),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(row, { maxLength: 20 }), async (rows) => {
      const back = await database.db.query<{
        i: number;
        l: number;
        b: boolean;
        y: Buffer;
        u: string;
        v: string | null;
        t: string | null;
        at: Date;
      }>(
        `SELECT * FROM unnest($1::int4[], $2::int8[], $3::bool[], $4::bytea[], $5::uuid[], $6::uuid[], $7::text[], $8::timestamptz[])
           AS x (i, l, b, y, u, v, t, at)`,
        [
          int4Array(rows.map((r) => r.i)),
          int8Array(rows.map((r) => r.l)),
          boolArray(rows.map((r) => r.b)),
          byteaArray(rows.map((r) => r.y)),
          uuidArray(rows.map((r) => Buffer.from(r.u.replaceAll('-', ''), 'hex'))),
          uuidTextArray(rows.map((r) => r.v)),
          textArray(rows.map((r) => r.t)),
          timestamptzArray(rows.map((r) => r.at.getTime())),
        ],
      );
      expect(back.map((r) => ({ ...r, y: [...r.y] }))).toEqual(rows.map((r) => ({ ...r, y: [...r.y] })));
    }),
    { numRuns: 100 },
  );
});

it('refuses what is no UUID instead of writing half of it', () => {
  const good = '0d1c1e66-6f5b-4a7e-9d52-0000000000ff';
  expect(() => uuidTextArray([good, null])).not.toThrow();
  for (const bad of [
    '',
    good.slice(1),
    `${good}0`,
    good.replace('f', 'g'),
    good.replace('-', '\u00e9'),
    good.replaceAll('-', '0'),
  ])
    expect(() => uuidTextArray([good, bad]), bad).toThrow('32 hexadecimal digits');
});
