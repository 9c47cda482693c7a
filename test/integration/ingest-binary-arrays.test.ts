import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  boolArray,
  byteaArray,
  int4Array,
  textArray,
  timestamptzArray,
  uuidArray,
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
    b: fc.boolean(),
    y: fc.uint8Array({ maxLength: 300 }),
    u: fc.uuid(),
    t: fc.option(fc.string({ unit: 'grapheme' }).map((text) => text.toWellFormed().replaceAll('\0', ''))),
    // Before and after 2000, PostgreSQL's epoch.
    at: fc.date({ min: new Date('1970-01-01'), max: new Date('2100-01-01'), noInvalidDate: true }),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(row, { minLength: 1, maxLength: 20 }), async (rows) => {
      const back = await database.db.query<{ i: number; b: boolean; y: Buffer; u: string; t: string | null; at: Date }>(
        `SELECT * FROM unnest($1::int4[], $2::bool[], $3::bytea[], $4::uuid[], $5::text[], $6::timestamptz[]) AS x (i, b, y, u, t, at)`,
        [
          int4Array(rows.map((r) => r.i)),
          boolArray(rows.map((r) => r.b)),
          byteaArray(rows.map((r) => r.y)),
          uuidArray(rows.map((r) => Buffer.from(r.u.replaceAll('-', ''), 'hex'))),
          textArray(rows.map((r) => r.t)),
          timestamptzArray(rows.map((r) => r.at.getTime())),
        ],
      );
      expect(back.map((r) => ({ ...r, y: [...r.y] }))).toEqual(rows.map((r) => ({ ...r, y: [...r.y] })));
    }),
    { numRuns: 100 },
  );
});
