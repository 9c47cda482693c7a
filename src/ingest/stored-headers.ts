import type { IncomingHttpHeaders } from 'node:http';

/** Bytes of headers kept with a receipt: what Node itself takes in at most, so only escaping can go beyond it. */
const MOST_CHARACTERS = 16 * 1024;

const REDACTED = '[redacted]';
const CREDENTIALS = ['authorization', 'cookie', 'set-cookie', 'proxy-authorization'] as const;

/**
 * The headers as they are stored: a JSON object of lower-case names, credentials and `tokens` (URL tokens of the source, which
 * proxies repeat in headers such as X-Original-URL) replaced by `[redacted]`, at most `limit` characters.
 */
export function storedHeaders(
  headers: IncomingHttpHeaders,
  tokens: readonly string[],
  limit = MOST_CHARACTERS,
): string {
  if (tokens.length === 0 && !CREDENTIALS.some((name) => headers[name] !== undefined)) {
    // The way of nearly all requests: nothing to hide, nothing to cut.
    const text = JSON.stringify(headers);
    if (text.length <= limit) return text;
  }
  const kept: Record<string, string> = Object.create(null);
  let length = 2;
  for (const [name, value] of Object.entries(headers)) {
    if (value === undefined) continue;
    let text = Array.isArray(value) ? value.join(', ') : value;
    if ((CREDENTIALS as readonly string[]).includes(name)) text = REDACTED;
    for (const token of tokens) text = text.replaceAll(token, REDACTED);
    // Name, value, quotes, colon and comma, as JSON escapes them.
    length += JSON.stringify(name).length + JSON.stringify(text).length + 2;
    if (length > limit) break;
    kept[name] = text;
  }
  return JSON.stringify(kept);
}
