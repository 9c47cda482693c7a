/**
 * Statements of several deliveries → an LRS. One request carries them all; an LRS that refuses one refuses the whole request
 * (xAPI 1.0.3, part 3, 2.1.2), so a refused request is halved until the guilty delivery stands alone.
 */
import type { Json } from '../../../core/vocabulary.ts';
import { answerOutcome } from '../../http/answer.ts';
import { OutgoingError } from '../../http/failure.ts';

import type { Outcome, OutgoingHttp, OutgoingResponse, Try } from '../kind.ts';
import { shown } from './auth.ts';
import { differences } from './compare.ts';
import type { Statement } from './statement.ts';

export interface Lrs {
  http: OutgoingHttp;
  /** `…/statements`. */
  url: string;
  headers: Record<string, string>;
  now(): number;
  signal: AbortSignal;
}

/** One delivery: at least one statement, all or none. */
export interface Parcel {
  statements: readonly Statement[];
}

/** More in one request is refused by common LRSs (413), and would only be halved again. */
const MOST_BYTES = 1024 * 1024;
/** An LRS may take its time over a request; nothing else is worth splitting for. */
const SPLITS = new Set([400, 409, 413]);

/** One Try a parcel, in their order. Never rejects. */
export async function sendStatements(lrs: Lrs, parcels: readonly Parcel[]): Promise<Try[]> {
  const tries: Try[] = [];
  for (const group of grouped(parcels)) tries.push(...(await sendGroup(lrs, group)));
  return tries;
}

function grouped(parcels: readonly Parcel[]): Parcel[][] {
  const groups: Parcel[][] = [];
  let bytes = 0;
  for (const parcel of parcels) {
    const size = Buffer.byteLength(JSON.stringify(parcel.statements));
    const last = groups.at(-1);
    if (last === undefined || bytes + size > MOST_BYTES) {
      groups.push([parcel]);
      bytes = size;
    } else {
      last.push(parcel);
      bytes += size;
    }
  }
  return groups;
}

async function sendGroup(lrs: Lrs, parcels: readonly Parcel[]): Promise<Try[]> {
  const statements = parcels.flatMap((parcel) => parcel.statements);
  const answer = await call(lrs, 'POST', lrs.url, statements);
  if (parcels.length > 1 && answer.response !== null && SPLITS.has(answer.response.status)) {
    const middle = Math.ceil(parcels.length / 2);
    return [...(await sendGroup(lrs, parcels.slice(0, middle))), ...(await sendGroup(lrs, parcels.slice(middle)))];
  }
  const outcome =
    answer.response?.status === 409 ? await settleConflict(lrs, statements, answer.response) : outcomeOf(lrs, answer);
  const taken = answer.response?.status === 200 ? idsIn(answer.response) : null;
  return parcels.map((parcel) =>
    tryOf(lrs, answer, taken !== null && !parcel.statements.every(({ id }) => taken.has(id)) ? NOT_TAKEN : outcome),
  );
}

const NOT_TAKEN: Outcome = {
  kind: 'failed',
  error:
    'It answered 200 without the ids of our statements, so it is not known whether it kept them. Check that the URL is that of an LRS.',
  retryAfterSeconds: null,
};

/** What a 200 says was kept; null: the list was longer than what we keep of an answer. A sign-in page names nothing. */
function idsIn({ body }: OutgoingResponse): ReadonlySet<unknown> | null {
  try {
    const ids: unknown = JSON.parse(body);
    return new Set(Array.isArray(ids) ? ids.map((id) => String(id).toLowerCase()) : []);
  } catch {
    return body.trimStart().startsWith('[') ? null : new Set();
  }
}

interface Answer {
  response: OutgoingResponse | null;
  error: OutgoingError | null;
  durationMs: number;
}

async function call(lrs: Lrs, method: string, url: string, body?: readonly Statement[]): Promise<Answer> {
  const began = lrs.now();
  const took = (): number => Math.max(0, Math.round(lrs.now() - began));
  try {
    const response = await lrs.http.request({
      method,
      url,
      headers: lrs.headers,
      body: body === undefined ? '' : JSON.stringify(body),
      signal: lrs.signal,
    });
    return { response, error: null, durationMs: took() };
  } catch (cause) {
    const error =
      cause instanceof OutgoingError
        ? cause
        : new OutgoingError('protocol', `The call failed: ${cause instanceof Error ? cause.message : String(cause)}`);
    return { response: null, error, durationMs: took() };
  }
}

function tryOf(lrs: Lrs, { response, error, durationMs }: Answer, outcome: Outcome): Try {
  return {
    outcome,
    statusCode: response?.status ?? error?.status ?? null,
    durationMs,
    requestHeaders: shown(lrs.headers),
    responseBody: response?.body ?? error?.body ?? null,
  };
}

function outcomeOf(lrs: Lrs, { response, error }: Answer): Outcome {
  if (response === null) {
    return { kind: 'failed', error: error?.message ?? 'The LRS gave no answer.', retryAfterSeconds: null };
  }
  const { status } = response;
  if (status === 400) return { kind: 'refused', error: `The LRS refused the statement (400)${said(response)}` };
  if (status === 413) {
    return { kind: 'refused', error: 'The LRS refused the statements: they are too large for it (413).' };
  }
  return answerOutcome(response, lrs.now());
}

/** The beginning of what it said, for the person who looks at it. */
function said({ body }: OutgoingResponse): string {
  const text = body.replace(/\s+/g, ' ').trim();
  return text === '' ? '.' : `: ${text.slice(0, 300)}`;
}

/**
 * 409: the LRS holds other statements under some of these ids. What it holds just so is done; the rest is sent again; what
 * differs can never be taken.
 */
async function settleConflict(
  lrs: Lrs,
  statements: readonly Statement[],
  conflict: OutgoingResponse,
): Promise<Outcome> {
  const missing: Statement[] = [];
  for (const statement of statements) {
    const held = await fetchStatement(lrs, statement.id);
    if ('outcome' in held) return held.outcome;
    if (held.statement === null) missing.push(statement);
    else {
      const differing = differences(statement, held.statement);
      if (differing !== null) return { kind: 'refused', error: otherStatement(statement.id, differing) };
    }
  }
  if (missing.length === 0) return { kind: 'delivered' };
  if (missing.length === statements.length) {
    return {
      kind: 'failed',
      error: `The LRS answered 409 and holds none of these statements${said(conflict)}`,
      retryAfterSeconds: null,
    };
  }
  const again = await call(lrs, 'POST', lrs.url, missing);
  if (again.response?.status !== 409) return outcomeOf(lrs, again);
  return {
    kind: 'failed',
    error: 'The LRS answered 409 twice, and holds none of the statements it was sent then.',
    retryAfterSeconds: null,
  };
}

function otherStatement(id: string, differing: readonly string[]): string {
  return (
    `The LRS holds another statement under the id ${id} (${differing.join(', ')} differ). ` +
    'Statements cannot be changed: raise xapi.revision in the settings of this endpoint to send new ones.'
  );
}

/** The statement with that id, voided or not; null when there is none. */
async function fetchStatement(
  lrs: Lrs,
  id: string,
): Promise<{ statement: Json } | { statement: null } | { outcome: Outcome }> {
  for (const parameter of ['statementId', 'voidedStatementId']) {
    const answer = await call(lrs, 'GET', `${lrs.url}?${parameter}=${id}`);
    if (answer.response?.status === 404) continue;
    if (answer.response?.status !== 200) {
      const outcome = outcomeOf(lrs, answer);
      if (outcome.kind === 'failed') return { outcome };
      const error = `The LRS answered 409, and ${answer.response?.status ?? 'nothing'} when asked for the statement it holds.`;
      return { outcome: { kind: 'failed', error, retryAfterSeconds: null } };
    }
    try {
      return { statement: JSON.parse(answer.response.body) as Json };
    } catch {
      const error = 'The LRS answered 409, and what it holds could not be read for a comparison.';
      return { outcome: { kind: 'failed', error, retryAfterSeconds: null } };
    }
  }
  return { statement: null };
}
