/** What an answer over HTTP means for a delivery. Shared by all kinds that speak HTTP. */
import type { Outcome, OutgoingResponse } from '../kinds/kind.ts';
import { headerText } from './header-text.ts';

/**
 * 2xx: delivered; 410: gone; all else failed, with a sentence. Retry-After counts with 429 and 503, as the contract says.
 * `now` in milliseconds since 1970.
 */
export function answerOutcome({ status, headers }: OutgoingResponse, now: number): Outcome {
  if (status >= 200 && status < 300) return { kind: 'delivered' };
  if (status === 410) return { kind: 'gone' };
  const waits = status === 429 || status === 503;
  return {
    kind: 'failed',
    error: sentenceOf(status),
    retryAfterSeconds: waits ? retryAfterSeconds(headerText(headers['retry-after']), now) : null,
  };
}

/** Seconds of a Retry-After header, given as seconds or as an HTTP date (RFC 9110, 10.2.3); null when it is neither. */
function retryAfterSeconds(header: string | undefined, now: number): number | null {
  const text = header?.trim() ?? '';
  if (/^\d{1,9}$/.test(text)) return Number(text);
  // All forms of an HTTP date begin with the day of the week; Date.parse alone would take nearly anything.
  if (!/^(Mon|Tue|Wed|Thu|Fri|Sat|Sun)/.test(text)) return null;
  const at = Date.parse(text);
  return Number.isNaN(at) ? null : Math.max(0, Math.ceil((at - now) / 1000));
}

function sentenceOf(status: number): string {
  if (status >= 300 && status < 400) {
    return `It answered with a redirect (${status}), which is never followed. Set the URL to where it leads.`;
  }
  if (status === 401 || status === 403) return `It refused the credentials (${status}). Check the auth setting.`;
  if (status === 404) return 'It knows nothing at this URL (404). Check the path.';
  if (status === 429) return 'It asked for fewer requests (429). A rate limit at this endpoint would help.';
  if (status === 503) return 'It is not available now (503).';
  if (status >= 500) return `It failed on its own side (${status}). Its answer below may say why.`;
  return `It refused the request (${status}). Its answer below may say why.`;
}
