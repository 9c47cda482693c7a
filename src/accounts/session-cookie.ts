/** The session cookie: the token and its HMAC, as better-auth writes them; checked here so that a request costs no call of it. */
import { createHmac } from 'node:crypto';
import { equalBytes } from '../core/signatures.ts';

/** Reads cookies of that name, signed with that secret. */
export function sessionCookie(name: string, secret: string): { tokenIn(cookies: string | undefined): string | null } {
  return {
    tokenIn(cookies) {
      for (const pair of cookies?.split(';') ?? []) {
        const at = pair.indexOf('=');
        if (at < 0 || pair.slice(0, at).trim() !== name) continue;
        const token = verified(pair.slice(at + 1).trim(), secret);
        if (token !== null) return token;
      }
      return null;
    },
  };
}

/** `token.base64(HMAC-SHA256)`, percent-encoded; null when the signature is another. */
function verified(value: string, secret: string): string | null {
  let text: string;
  try {
    text = decodeURIComponent(value);
  } catch {
    return null;
  }
  const dot = text.lastIndexOf('.');
  if (dot <= 0) return null;
  const token = text.slice(0, dot);
  const given = Buffer.from(text.slice(dot + 1), 'base64');
  const wanted = createHmac('sha256', secret).update(token).digest();
  return equalBytes(given, wanted) ? token : null;
}
