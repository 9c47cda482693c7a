/** The demo's sources: one per platform, made at the first start. */
import { adapterFor } from '../adapters/registry.ts';
import type { SecretBox } from '../core/encryption.ts';
import { randomToken } from '../core/ids.ts';
import { PROVIDERS, type Provider } from '../core/vocabulary.ts';
import type { Database } from '../db/database.ts';
import type { Target } from '../simulator/target.ts';
import { createSource } from '../sources/create-source.ts';
import { getSource } from '../sources/get-source.ts';
import { generateSecret } from './generate-secret.ts';
import { sourceTarget } from './simulate-target.ts';
import { WORKSPACE } from './with-database.ts';

/** Makes the sources that are missing. `fresh`: nothing was ever received, so there is no history yet. */
export async function demoSources(
  db: Database,
  box: SecretBox,
  baseUrl: string,
): Promise<{ targets: ReadonlyMap<Provider, Target>; fresh: boolean }> {
  const targets = new Map<Provider, Target>();
  for (const provider of PROVIDERS) {
    const source =
      (await getSource(db, box, WORKSPACE, { slug: provider })) ??
      (await createSource(db, box, { workspace: WORKSPACE, provider, slug: provider, ...settingsFor(provider) }));
    targets.set(provider, sourceTarget(source, baseUrl));
  }
  const received = await db.query('SELECT 1 FROM receipt_keys WHERE workspace = $1 LIMIT 1', [WORKSPACE]);
  return { targets, fresh: received.length === 0 };
}

function settingsFor(provider: Provider) {
  const { needs } = adapterFor(provider);
  return {
    secret: needs.secret ? generateSecret(provider) : undefined,
    publicKey: needs.publicKey ? `demo${randomToken(9).replace(/[-_]/g, 'x')}` : undefined,
    basicAuth: needs.basicAuth === 'optional' ? { username: 'gradewire', password: randomToken(18) } : undefined,
    // Instruqt names nobody; the simulated plays say who it is in their custom parameters.
    identityFrom: provider === 'instruqt' ? { email: 'email', name: 'name' } : undefined,
  };
}
