/** A row of `sources` and the Source it stands for. */
import type { SecretBox } from '../core/encryption.ts';
import type { Uuid } from '../core/ids.ts';
import type { Provider } from '../core/vocabulary.ts';
import type { IdentityFrom, Source } from './source.ts';
import { openSecrets, validAt } from './stored-secrets.ts';

export interface SourceRow {
  workspace: number;
  id: Uuid;
  provider: Provider;
  slug: string;
  name: string;
  public_key: string | null;
  secrets: Buffer;
  allowed_origins: string[] | null;
  identity_from: IdentityFrom;
  rate_limit: number | null;
  created_at: Date;
}

/** Decrypts; only what holds at `now` is in the result. Throws `internal` when the secrets cannot be opened. */
export function toSource(row: SourceRow, box: SecretBox, now: number = Date.now()): Source {
  const stored = openSecrets(box, row.id, row.secrets);
  return {
    workspace: row.workspace,
    id: row.id,
    provider: row.provider,
    slug: row.slug,
    name: row.name,
    secrets: {
      secrets: validAt(stored.secrets, now).map((entry) => entry.value),
      publicKey: row.public_key,
      basicAuth: validAt(stored.basicAuth, now).map(({ username, password }) => ({ username, password })),
    },
    tokens: validAt(stored.tokens, now).map((entry) => entry.value),
    allowedOrigins: row.allowed_origins,
    identityFrom: row.identity_from,
    rateLimit: row.rate_limit,
    createdAt: row.created_at,
  };
}
