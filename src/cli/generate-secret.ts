/** Secrets made up for trying a platform out, in the form that the platform would give. */
import { randomBytes } from 'node:crypto';
import { adapterFor } from '../adapters/registry.ts';
import type { Provider } from '../core/vocabulary.ts';
import { UsageError } from './failures.ts';

/** Throws for platforms that have no secret. */
export function generateSecret(provider: Provider): string {
  const adapter = adapterFor(provider);
  if (!adapter.needs.secret)
    throw new UsageError(`${adapter.title} signs nothing, so it has no secret. Leave --generate-secret out.`);
  const bytes = randomBytes(24);
  // Svix and Standard Webhooks mark theirs.
  return provider === 'instruqt' || provider === 'standard'
    ? `whsec_${bytes.toString('base64')}`
    : bytes.toString('hex');
}
