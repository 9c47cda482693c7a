/** What a mail server's refusal means for a delivery. */
import type { Outcome } from '../kind.ts';

export interface SmtpFailure {
  outcome: Outcome;
  code: number | null;
  /** What the server said. */
  said: string | null;
}

/**
 * 4xx is for now, 5xx for good (RFC 5321, 4.2.1). A refused sign-in is our own fault whatever its number, and holds until
 * somebody changes SMTP_URL: tried again.
 */
export function smtpFailure(error: unknown): SmtpFailure {
  const { responseCode, response, code } = error as { responseCode?: unknown; response?: unknown; code?: unknown };
  const number = typeof responseCode === 'number' ? responseCode : null;
  const said = typeof response === 'string' ? printable(response.slice(0, 16 * 1024)) : null;
  const told = said ?? printable(error instanceof Error ? error.message : String(error));
  const sentence = `${told.slice(0, LONGEST_SENTENCE).replace(/[\s.]+$/, '')}.`;
  if (code === 'EAUTH') {
    const problem = `The mail server does not accept the user of SMTP_URL: ${sentence}`;
    return { outcome: { kind: 'failed', error: problem, retryAfterSeconds: null }, code: number, said };
  }
  if (number !== null && number >= 500) {
    return {
      outcome: { kind: 'refused', error: `The mail server refused the mail for good: ${sentence}` },
      code: number,
      said,
    };
  }
  const problem = number === null ? 'The mail could not be sent' : 'The mail server does not take the mail for now';
  return { outcome: { kind: 'failed', error: `${problem}: ${sentence}`, retryAfterSeconds: null }, code: number, said };
}

/** What a peer that is no mail server says can be anything, of any length… */
const LONGEST_SENTENCE = 500;

/** …and PostgreSQL cannot store NUL. */
function printable(text: string): string {
  return text.replaceAll('\0', '\uFFFD');
}
