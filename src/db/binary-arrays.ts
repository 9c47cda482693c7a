/**
 * One-dimensional PostgreSQL arrays in the binary format (src/backend/utils/adt/arrayfuncs.c, array_recv): node-postgres
 * passes Buffers on as they are, so bodies need neither hex nor quoting, neither here nor in the database.
 */
const INT4 = 23;
const INT8 = 20;
const BOOL = 16;
const BYTEA = 17;
const TEXT = 25;
const UUID = 2950;
const TIMESTAMPTZ = 1184;

/** Dimensions, null flag, element type, length, lower bound: five int4. */
const HEADER_BYTES = 20;
/** Milliseconds from 1970 to 2000, PostgreSQL's epoch. */
const EPOCH_2000 = 946_684_800_000;

function startArray(bytes: number, elementType: number, length: number, hasNull: boolean): Buffer {
  const array = Buffer.allocUnsafe(HEADER_BYTES + bytes);
  // Of none too: PostgreSQL reads one dimension of length 0 as the empty array.
  array.writeInt32BE(1, 0);
  array.writeInt32BE(hasNull ? 1 : 0, 4);
  array.writeInt32BE(elementType, 8);
  array.writeInt32BE(length, 12);
  array.writeInt32BE(1, 16);
  return array;
}

export function int4Array(values: readonly number[]): Buffer {
  const array = startArray(values.length * 8, INT4, values.length, false);
  let at = HEADER_BYTES;
  for (const value of values) {
    array.writeInt32BE(4, at);
    array.writeInt32BE(value, at + 4);
    at += 8;
  }
  return array;
}

export function boolArray(values: readonly boolean[]): Buffer {
  const array = startArray(values.length * 5, BOOL, values.length, false);
  let at = HEADER_BYTES;
  for (const value of values) {
    array.writeInt32BE(1, at);
    array[at + 4] = value ? 1 : 0;
    at += 5;
  }
  return array;
}

/** `values`: whole numbers of at most 53 bits. */
export function int8Array(values: readonly number[]): Buffer {
  return eightByteArray(INT8, values);
}

/** `values`: milliseconds since 1970. */
export function timestamptzArray(values: readonly number[]): Buffer {
  return eightByteArray(
    TIMESTAMPTZ,
    values.map((value) => Math.round((value - EPOCH_2000) * 1000)),
  );
}

function eightByteArray(elementType: number, values: readonly number[]): Buffer {
  const array = startArray(values.length * 12, elementType, values.length, false);
  let at = HEADER_BYTES;
  for (const value of values) {
    const high = Math.floor(value / 0x1_0000_0000);
    array.writeInt32BE(8, at);
    array.writeInt32BE(high, at + 4);
    array.writeUInt32BE(value - high * 0x1_0000_0000, at + 8);
    at += 12;
  }
  return array;
}

export function byteaArray(values: readonly Uint8Array[]): Buffer {
  return bytesArray(BYTEA, values);
}

/** `values`: 16 bytes each. */
export function uuidArray(values: readonly Uint8Array[]): Buffer {
  return bytesArray(UUID, values);
}

/** `values`: UUIDs as PostgreSQL prints them, 36 characters each; null becomes NULL. */
export function uuidTextArray(values: readonly (string | null)[]): Buffer {
  let known = 0;
  for (const value of values) if (value !== null) known += 1;
  const array = startArray(values.length * 4 + known * 16, UUID, values.length, known < values.length);
  let at = HEADER_BYTES;
  for (const value of values) {
    array.writeInt32BE(value === null ? -1 : 16, at);
    at += 4;
    if (value === null) continue;
    writeUuid(array, value, at);
    at += 16;
  }
  return array;
}

/** The value of each hexadecimal digit by its character code; 255 of any other. */
const DIGITS = Uint8Array.from({ length: 128 }, (_, code) => {
  const digit = Number.parseInt(String.fromCharCode(code), 16);
  return Number.isNaN(digit) ? 255 : digit;
});

/** Digit by digit: joining, replacing and reading texts made three copies of each id. */
function writeUuid(array: Buffer, value: string, start: number): void {
  let at = start;
  let seen = 0;
  if (value.length === 36) {
    for (let i = 0; i < 36; i += 2) {
      if (value.charCodeAt(i) === 45) i += 1;
      const high = DIGITS[value.charCodeAt(i)] ?? 255;
      const low = DIGITS[value.charCodeAt(i + 1)] ?? 255;
      seen |= high | low;
      array[at++] = (high << 4) | low;
    }
  }
  if (at !== start + 16 || seen > 15) throw new Error('A UUID is not 32 hexadecimal digits.');
}

function bytesArray(elementType: number, values: readonly Uint8Array[]): Buffer {
  let bytes = 0;
  for (const value of values) bytes += 4 + value.byteLength;
  const array = startArray(bytes, elementType, values.length, false);
  let at = HEADER_BYTES;
  for (const value of values) {
    array.writeInt32BE(value.byteLength, at);
    array.set(value, at + 4);
    at += 4 + value.byteLength;
  }
  return array;
}

export function textArray(values: readonly (string | null)[]): Buffer {
  let bytes = 0;
  let hasNull = false;
  for (const value of values) {
    bytes += 4;
    if (value === null) hasNull = true;
    else bytes += Buffer.byteLength(value);
  }
  const array = startArray(bytes, TEXT, values.length, hasNull);
  let at = HEADER_BYTES;
  for (const value of values) {
    if (value === null) {
      array.writeInt32BE(-1, at);
      at += 4;
      continue;
    }
    const written = array.write(value, at + 4, 'utf8');
    array.writeInt32BE(written, at);
    at += 4 + written;
  }
  return array;
}
