/**
 * The source text of values in a JSON object: Testpress signs `0.00` as `0.00`, which a parsed number has lost. One pass
 * without recursion over text that JSON.parse has accepted before, so it takes linear time and any nesting.
 * (A reviver of JSON.parse gives source texts too, but recurses, and cannot tell a nested key from an outer one.)
 */

/** Where a value stands: [start, end). */
export interface Span {
  start: number;
  end: number;
}

/**
 * The members of the object that starts at `start` (whitespace may come before it), with their places; the last of
 * repeated keys, as JSON.parse takes it. null when what stands there is no object.
 */
export function members(json: string, start = 0): Map<string, Span> | null {
  let i = skipSpace(json, start);
  if (json[i] !== '{') return null;
  const found = new Map<string, Span>();
  i = skipSpace(json, i + 1);
  while (json[i] === '"') {
    const keyEnd = stringEnd(json, i);
    const key = decoded(json, i, keyEnd);
    i = skipSpace(json, keyEnd);
    i = skipSpace(json, i + 1); // the colon
    const end = valueEnd(json, i);
    found.set(key, { start: i, end });
    i = skipSpace(json, end);
    if (json[i] !== ',') break;
    i = skipSpace(json, i + 1);
  }
  return found;
}

/**
 * A value as text: strings decoded, numbers as they are written, null as null; undefined for objects, lists and values that
 * are not there.
 */
export function scalar(json: string, span: Span | undefined): string | null | undefined {
  if (span === undefined) return undefined;
  const first = json[span.start];
  if (first === '{' || first === '[') return undefined;
  if (first === '"') return decoded(json, span.start, span.end);
  const source = json.slice(span.start, span.end);
  return source === 'null' ? null : source;
}

function skipSpace(json: string, from: number): number {
  let i = from;
  for (let c = json.charCodeAt(i); c === 0x20 || c === 0x0a || c === 0x0d || c === 0x09; c = json.charCodeAt(i)) i += 1;
  return i;
}

/** The place after the closing quote of the string that opens at `from`. */
function stringEnd(json: string, from: number): number {
  let i = from + 1;
  while (i < json.length && json[i] !== '"') i += json[i] === '\\' ? 2 : 1;
  return i + 1;
}

function valueEnd(json: string, from: number): number {
  if (json[from] === '"') return stringEnd(json, from);
  let i = from;
  if (json[from] !== '{' && json[from] !== '[') {
    while (i < json.length && !', \n\r\t}]'.includes(json.charAt(i))) i += 1;
    return i;
  }
  let depth = 0;
  while (i < json.length) {
    const c = json[i];
    if (c === '"') {
      i = stringEnd(json, i);
      continue;
    }
    if (c === '{' || c === '[') depth += 1;
    else if (c === '}' || c === ']') depth -= 1;
    i += 1;
    if (depth === 0) break;
  }
  return i;
}

function decoded(json: string, start: number, end: number): string {
  const inner = json.slice(start + 1, end - 1);
  return inner.includes('\\') ? String(JSON.parse(json.slice(start, end))) : inner;
}
