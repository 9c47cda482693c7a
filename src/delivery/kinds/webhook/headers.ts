/** Headers of a webhook: which people may set, and what the log shows of them. */
import { validateHeaderName, validateHeaderValue } from 'node:http';

/** Ours, or the connection's: setting them would break framing, signatures or who is called. */
const RESERVED =
  /^(host|connection|keep-alive|transfer-encoding|content-length|content-type|content-encoding|accept-encoding|te|trailer|upgrade|expect|user-agent|http2-settings|proxy-.*|webhook-.*|svix-.*|x-gradewire-.*)$/;

/** What is likely a credential, whatever a receiver calls it. */
const CREDENTIAL = /auth|cookie|key|token|secret|password|credential|session/;

/** Nobody else may set these (RESERVED), and none of them is a credential. */
const OURS: ReadonlySet<string> = new Set([
  'content-type',
  'user-agent',
  'webhook-id',
  'webhook-timestamp',
  'webhook-signature',
]);

/** Why a header cannot be sent, as a sentence; null when it can. */
export function headerProblem(name: string, value: string, auth: string): string | null {
  const lower = name.toLowerCase();
  if (lower === 'content-type') return 'The content type is set with contentType, beside a template.';
  if (RESERVED.test(lower)) return `The header ${lower} is set by Gradewire itself. Leave it out.`;
  if (lower === 'authorization' && auth !== 'none') return 'Authorization is set by the auth setting. Leave it out.';
  try {
    validateHeaderName(name);
  } catch {
    return 'This is not the name of a header. Use letters, digits and dashes.';
  }
  try {
    validateHeaderValue(name, value);
  } catch {
    return 'A header cannot hold line breaks or characters beyond Latin-1.';
  }
  return null;
}

/**
 * As the log shows them: names whole, credentials not; the same object when there is nothing to hide. `secret`: names whose values
 * are secret besides, in lower case.
 */
export function redactHeaders(headers: Record<string, string>, secret: ReadonlySet<string>): Record<string, string> {
  if (allOurs(headers)) return headers;
  const shown: Record<string, string> = {};
  for (const name in headers) {
    const value = headers[name] ?? '';
    const lower = name.toLowerCase();
    if (lower === 'authorization') shown[name] = value.replace(/^(Basic|Bearer) .*$|^.*$/s, '$1 [redacted]').trim();
    else shown[name] = CREDENTIAL.test(lower) || secret.has(lower) ? '[redacted]' : value;
  }
  return shown;
}

function allOurs(headers: Record<string, string>): boolean {
  for (const name in headers) if (!OURS.has(name)) return false;
  return true;
}
