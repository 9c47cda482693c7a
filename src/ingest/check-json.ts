import { isUtf8 } from 'node:buffer';

/**
 * Whether a body is JSON in UTF-8. The value is thrown away: it is read again when the receipt is projected, from the bytes
 * that were signed. A byte order mark is refused (RFC 8259, 8.1: it must not be sent), because every later reader would have to
 * know of it.
 */
export function isJson(body: Buffer): boolean {
  if (!isUtf8(body)) return false;
  try {
    JSON.parse(body.toString('utf8'));
    return true;
  } catch {
    return false;
  }
}

/** Whether a Content-Type says JSON: `application/json`, `text/json` or anything `+json`. None at all does not say otherwise. */
export function saysJson(contentType: string | undefined): boolean {
  if (contentType === undefined || contentType === 'application/json') return true;
  const end = contentType.indexOf(';');
  const type = (end === -1 ? contentType : contentType.slice(0, end)).trim().toLowerCase();
  return type === 'application/json' || type === 'text/json' || type.endsWith('+json');
}
