/** Credentials that simulated platforms sign with in tests. */
import type { SourceSecrets } from '../../src/adapters/adapter.ts';
import type { Provider } from '../../src/core/vocabulary.ts';

const WHSEC = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';

export function secretsFor(provider: Provider): SourceSecrets {
  return {
    secrets: [provider === 'instruqt' || provider === 'standard' ? WHSEC : 'a secret of the platform'],
    publicKey: provider === 'testpress' ? 'YDRAXrgV3STf7EH5' : null,
    basicAuth: provider === 'synap' ? [{ username: 'gradewire', password: 'a long password' }] : [],
  };
}
