/** Platforms that post to a running server as they really do: bodies of their own, signed by the adapters' own signers. */
import type { ExampleOptions } from '../../src/adapters/adapter.ts';
import { adapterFor } from '../../src/adapters/registry.ts';
import type { Provider } from '../../src/core/vocabulary.ts';
import { seededRandom } from '../../src/simulator/random.ts';
import type { RealServer } from './server.ts';
import { secretsFor } from './simulated.ts';

export interface Platform {
  id: string;
  slug: string;
  /** Posts one webhook; `body` replaces parts of the example's. Gives the answer's status and receipt id. */
  send(
    event: string,
    about?: Partial<ExampleOptions>,
    body?: Record<string, unknown>,
  ): Promise<{ status: number; id: string | null }>;
}

export const MARIA = { externalId: 'user-maria', name: 'Maria Fernández', email: 'maria@school.example' };
export const JONAS = { externalId: 'user-jonas', name: 'Jonas Weber', email: 'jonas@school.example' };

/** Makes the source by the API. */
export async function addPlatform(server: RealServer, provider: Provider, slug: string = provider): Promise<Platform> {
  const { secrets, publicKey, basicAuth } = secretsFor(provider);
  const adapter = adapterFor(provider);
  const source = await server.post<{ id: string; ingestUrl: string }>('/api/v1/sources', {
    provider,
    slug,
    ...(adapter.needs.secret ? { secret: secrets[0] } : {}),
    ...(publicKey === null ? {} : { publicKey }),
    ...(basicAuth[0] === undefined ? {} : { basicAuth: basicAuth[0] }),
    ...(provider === 'instruqt' ? { identityFrom: { email: 'email', name: 'name' } } : {}),
  });
  return platformAt(provider, { id: source.id, slug, ingestUrl: source.ingestUrl, secret: secrets[0] ?? '' });
}

/** A platform that posts to an ingest URL with that secret. */
export function platformAt(
  provider: Provider,
  source: { id: string; slug: string; ingestUrl: string; secret: string },
): Platform {
  const adapter = adapterFor(provider);
  let sent = 0;
  return {
    id: source.id,
    slug: source.slug,
    async send(event, about = {}, changes = {}) {
      sent += 1;
      const at = about.at ?? Date.now();
      const example = adapter.example({
        event,
        learner: MARIA,
        activity: { externalId: 'first-track', title: 'first-track' },
        attemptId: `${source.slug}-attempt`,
        startedAt: at,
        at,
        ability: 0.5,
        random: seededRandom(source.slug, String(sent)),
        index: 0,
        total: 4,
        ...about,
      });
      const signed = adapter.sign(
        { ...example, ...changes },
        { ...secretsFor(provider), secrets: [source.secret] },
        { id: `msg_${source.slug}_${sent}_${at}`, at: Date.now(), event },
      );
      const response = await fetch(`${source.ingestUrl}${signed.query}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...signed.headers },
        body: new Uint8Array(signed.body),
      });
      const answer = (await response.json()) as { id?: string };
      return { status: response.status, id: answer.id ?? null };
    },
  };
}
