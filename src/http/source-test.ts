/**
 * Sends a signed example to the ingest URL of a source, the way the platform would: an HTTP request to our own listener.
 * It bears the mark of a test (src/ingest/test-marks.ts), so that what it means is in no figure.
 */
import { request } from 'undici';
import type { Adapter, ExampleOptions } from '../adapters/adapter.ts';
import { adapterFor } from '../adapters/registry.ts';
import { GradewireError } from '../core/errors.ts';
import { newUuid } from '../core/ids.ts';
import { TEST_MARK_HEADER, testMarks } from '../ingest/test-marks.ts';
import { ingestUrl } from '../sources/ingest-url.ts';
import type { Source } from '../sources/source.ts';
import { invalid } from './contracts/common.ts';

/** The ingest path answers within 2 s even when the database is away; beyond this nothing will come. */
const ANSWER_MS = 10_000;
/** A test plays a go of ten minutes that ends now. */
const PLAYED_MS = 600_000;

export interface SourceTestResult {
  event: string;
  status: number;
  body: unknown;
  receiptId: string | null;
}

/** Sends the example of a platform event (the one that completes an attempt when `event` is undefined) and tells the answer. */
export async function testSource(
  source: Source,
  event: string | undefined,
  how: { ingestOrigin: string; encryptionKey: string },
): Promise<SourceTestResult> {
  const adapter = adapterFor(source.provider);
  if (event !== undefined && !adapter.events.includes(event)) {
    throw invalid('body/event', `${adapter.title} has no event of this name. It has ${adapter.events.join(', ')}.`);
  }
  const at = Date.now();
  const options = exampleOptions(at);
  const chosen = event ?? closingEvent(adapter, options);
  const signed = adapter.sign(adapter.example({ ...options, event: chosen }), source.secrets, {
    id: `msg_${newUuid().replaceAll('-', '')}`,
    at,
    event: chosen,
  });
  const [origin] = source.allowedOrigins ?? adapter.defaultOrigins;
  const answer = await send(`${ingestUrl(how.ingestOrigin, source)}${signed.query}`, signed.body, {
    ...signed.headers,
    // Platforms that post from a browser send their origin; the source may allow others than the platform's own.
    ...(adapter.needs.origins && origin !== undefined && origin !== '*' ? { origin } : {}),
    [TEST_MARK_HEADER]: testMarks(how.encryptionKey).mark(signed.body, at),
  });
  return { event: chosen, ...answer };
}

async function send(
  url: string,
  body: Buffer,
  headers: Record<string, string>,
): Promise<{ status: number; body: unknown; receiptId: string | null }> {
  try {
    const response = await request(url, { method: 'POST', headers, body, signal: AbortSignal.timeout(ANSWER_MS) });
    const told = parsed(await response.body.text());
    const id: unknown = typeof told === 'object' && told !== null && 'id' in told ? told.id : null;
    return { status: response.statusCode, body: told, receiptId: typeof id === 'string' ? id : null };
  } catch (cause) {
    // Without `cause`: an address in it could hold the URL token, and a broken connection is no database that is away.
    const why = cause instanceof Error ? cause.name : 'unknown';
    throw new GradewireError(
      'internal',
      `The test was signed, but this server's own ingest URL did not answer (${why}). Check that this process runs the role ingest.`,
    );
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** The first platform event whose example completes an attempt, else the first there is. */
function closingEvent(adapter: Adapter, options: Omit<ExampleOptions, 'event'>): string {
  const closing = adapter.events.find((event) => {
    const meaning = adapter.toMeaning({
      body: adapter.example({ ...options, event }),
      eventName: event,
      receivedAt: options.at,
    });
    return meaning.status === 'facts' && meaning.facts.some((fact) => fact.type === 'attempt.completed');
  });
  const [first] = adapter.events;
  if (closing === undefined && first === undefined) throw new Error(`The adapter ${adapter.provider} has no example.`);
  return closing ?? first ?? '';
}

function exampleOptions(at: number): Omit<ExampleOptions, 'event'> {
  return {
    learner: { externalId: 'gradewire-test', name: 'Test Learner', email: 'test.learner@example.org' },
    activity: { externalId: 'gradewire-test', title: 'Test sent from Gradewire' },
    // Another one each time, or the second test would be a duplicate of the first.
    attemptId: String(at),
    startedAt: at - PLAYED_MS,
    at,
    ability: 0.8,
    random: Math.random,
    index: 0,
    total: 1,
  };
}
