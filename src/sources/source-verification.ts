import type { Adapter } from '../adapters/adapter.ts';
import type { Verification } from '../core/vocabulary.ts';
import type { Source } from './source.ts';

/** What is proved about the receipts of a source as it is set up now: Basic credentials count only where there are some. */
export function sourceVerification(
  adapter: Pick<Adapter, 'verification'>,
  source: Pick<Source, 'secrets'>,
): Verification {
  if (adapter.verification !== 'basic') return adapter.verification;
  return source.secrets.basicAuth.length > 0 ? 'basic' : 'token';
}
