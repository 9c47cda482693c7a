/** Events as statements to a learning record store (docs/decisions/0170-xapi-statements.md). */
import type { Json } from '../../../core/vocabulary.ts';
import type { Endpoint } from '../../endpoint.ts';
import type { EventRecord, Kind, KindTools, Outgoing, Problem, Try } from '../kind.ts';
import { headersOf, shown } from './auth.ts';
import { mappingOf, xapiConfigSchema } from './config.ts';
import { type Parcel, sendStatements } from './send-statements.ts';
import { type Mapped, toStatements } from './to-statements.ts';

/** Larger requests save nothing more, and the statements of one event can be many. */
const BATCH = 50;

const NOTHING_MORE: EventRecord = { fact: null, sourceName: null, earlier: [] };

export const xapi: Kind = {
  name: 'xapi',
  configSchema: xapiConfigSchema,
  secretPaths: ['auth.password', 'auth.token'],
  batch: BATCH,
  check,
  async send(endpoint, deliveries, tools, signal) {
    const headers = headersOf(endpoint, tools);
    let mapped: Mapped[];
    try {
      mapped = await map(endpoint, deliveries, tools);
    } catch (cause) {
      const error = `What was told with these events could not be read (${cause instanceof Error ? cause.message : String(cause)}).`;
      return deliveries.map(() => ownTry({ kind: 'failed', error, retryAfterSeconds: null }));
    }
    const parcels: Parcel[] = mapped.filter((one) => 'statements' in one);
    const lrs = { http: tools.http, url: statementsUrl(endpoint), headers, now: tools.now, signal };
    const sent = (await sendStatements(lrs, parcels)).values();
    return mapped.map((one): Try => {
      if ('skipped' in one) return ownTry({ kind: 'skipped', reason: one.skipped });
      return sent.next().value ?? ownTry({ kind: 'failed', error: 'It was not sent.', retryAfterSeconds: null });
    });

    /** Nothing was asked of the LRS. */
    function ownTry(outcome: Try['outcome']): Try {
      return { outcome, statusCode: null, durationMs: 0, requestHeaders: shown(headers), responseBody: null };
    }
  },
  async preview(endpoint, delivery, tools) {
    const [mapped] = await map(endpoint, [delivery], tools);
    if (mapped === undefined || 'skipped' in mapped) return mapped?.skipped ?? '';
    return JSON.parse(JSON.stringify(mapped.statements)) as Json;
  },
  exampleConfig: {
    auth: { type: 'basic', username: 'gradewire', password: 'the password of the LRS' },
    xapi: { version: '1.0.3', actor: 'source' },
  },
};

function check(endpoint: Endpoint): readonly Problem[] {
  const problems: Problem[] = [];
  if (endpoint.url === null)
    problems.push({ path: 'url', message: 'An LRS needs its URL, up to what stands before /statements.' });
  else if (/[?#]/.test(endpoint.url)) {
    problems.push({
      path: 'url',
      message: 'The URL of an LRS has no query and no fragment: /statements is added to it.',
    });
  }
  return problems;
}

/** People give the URL with and without /statements; both are meant. */
function statementsUrl({ url }: Endpoint): string {
  const base = (url ?? '').replace(/\/+$/, '');
  return base.endsWith('/statements') ? base : `${base}/statements`;
}

async function map(
  endpoint: Endpoint,
  deliveries: readonly Outgoing[],
  tools: Pick<KindTools, 'publicUrl' | 'records'>,
): Promise<Mapped[]> {
  const mapping = mappingOf(endpoint, tools.publicUrl);
  // An example has no webhook behind it.
  const real = deliveries.filter(({ test }) => !test);
  const found =
    (await tools.records?.of(
      endpoint,
      real.map(({ whole }) => whole.event),
    )) ?? [];
  const records = new Map(real.map(({ deliveryId }, i) => [deliveryId, found[i] ?? NOTHING_MORE]));
  return deliveries.map(({ told, whole, deliveryId, test }) =>
    toStatements(
      // Every test is of one and the same example, told at another time: without this the second would be a conflict.
      test ? { ...told.event, id: `${told.event.id} ${deliveryId}` } : told.event,
      records.get(deliveryId) ?? NOTHING_MORE,
      mapping,
      { aboutSomebody: whole.event.learner !== null, test },
    ),
  );
}
