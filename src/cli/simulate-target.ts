/** Where `simulate` sends to: what the options say, or what the database knows of a source. */
import type { Adapter, SourceSecrets } from '../adapters/adapter.ts';
import { adapterFor } from '../adapters/registry.ts';
import type { Target } from '../simulator/target.ts';
import type { Source } from '../sources/source.ts';
import { UsageError } from './failures.ts';
import { findSource } from './find-source.ts';
import { localUrlOf } from './running-server.ts';
import type { SimulateOptions } from './simulate-options.ts';
import { withDatabase } from './with-database.ts';

/** From --url, --provider and the credentials. */
export function targetOfUrl(options: SimulateOptions): Target {
  const { url, provider } = options;
  if (url === undefined) throw new UsageError('Say where to: --source <slug>, or --url with --provider.');
  if (provider === undefined) throw new UsageError('Say which platform to be: --provider.');
  const adapter = adapterFor(provider);
  if (adapter.needs.secret && options.secret === undefined) {
    throw new UsageError(`${adapter.title} signs what it sends: give --secret, the same as the receiver has.`);
  }
  if (adapter.needs.publicKey && options.publicKey === undefined) {
    throw new UsageError(`${adapter.title} names the institute in what it sends: give --public-key.`);
  }
  const secrets: SourceSecrets = {
    secrets: options.secret === undefined ? [] : [options.secret],
    publicKey: options.publicKey ?? null,
    basicAuth: options.basic === undefined ? [] : [options.basic],
  };
  return { adapter, url, secrets, origin: originOf(adapter, options.origin ?? null, null) };
}

/** From a source in the database: where the running server listens, with the newest secrets. */
export async function targetOfSource(which: string, options: SimulateOptions): Promise<Target> {
  for (const name of ['url', 'provider', 'secret', 'publicKey', 'basic'] as const) {
    if (options[name] !== undefined)
      throw new UsageError(`--source knows that already: leave --${name} out, or leave --source out.`);
  }
  return withDatabase(async (context) => {
    if (context.startedForThis)
      throw new Error('No server runs here that could take webhooks. Start one with `npm start` first.');
    return sourceTarget(await findSource(context, which), localUrlOf(context.settings), options.origin ?? null);
  });
}

/** The target of a source on the server at `baseUrl`. */
export function sourceTarget(source: Source, baseUrl: string, origin: string | null = null): Target {
  const adapter = adapterFor(source.provider);
  const path = ['webhooks', source.slug, ...source.tokens.slice(0, 1)].map(encodeURIComponent).join('/');
  return {
    adapter,
    url: new URL(`${baseUrl}/${path}`),
    secrets: source.secrets,
    origin: originOf(adapter, origin, source.allowedOrigins),
  };
}

function originOf(adapter: Adapter, asked: string | null, allowed: readonly string[] | null): string | null {
  if (!adapter.needs.origins) return null;
  return asked ?? allowed?.[0] ?? adapter.defaultOrigins[0] ?? null;
}
