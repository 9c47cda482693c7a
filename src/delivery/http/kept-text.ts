/** The text of an answer as it is kept and shown. */
import { isAscii } from 'node:buffer';

/**
 * The bytes read as UTF-8, with what PostgreSQL cannot store (NUL) or UTF-8 cannot mean replaced by U+FFFD; a character that
 * was cut at the end is left out. Compressed answers are not opened: none was asked for, and a small one can hold gigabytes.
 */
export function keptText(chunks: readonly Buffer[], encoding: string | undefined): string {
  if (chunks.length === 0) return '';
  if (encoding !== undefined && encoding !== '' && encoding.toLowerCase() !== 'identity') {
    return `(compressed with ${encoding}, not shown)`;
  }
  const bytes = chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks);
  // Most answers are a word or two; a decoder for each costs more than the rest of it.
  if (isAscii(bytes)) return bytes.toString('latin1').replaceAll('\0', '\uFFFD');
  return new TextDecoder('utf-8').decode(bytes, { stream: true }).replaceAll('\0', '\uFFFD');
}
