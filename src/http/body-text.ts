/** Stored bytes and headers as answers show them. */
import { isUtf8 } from 'node:buffer';

/** The bytes as text, and in Base64 too where they are no UTF-8. */
export function bodyText(body: Buffer): { body: string; bodyBase64?: string } {
  const text = body.toString('utf8');
  return isUtf8(body) ? { body: text } : { body: text, bodyBase64: body.toString('base64') };
}

/** Stored headers (a JSON object) as a record of texts. */
export function headersOf(stored: string): Record<string, string> {
  const parsed: unknown = JSON.parse(stored);
  if (typeof parsed !== 'object' || parsed === null) return {};
  return Object.fromEntries(Object.entries(parsed).map(([name, value]) => [name, String(value)]));
}
