import { adapterFor } from '../adapters/registry.ts';
import type { SecretBox } from '../core/encryption.ts';
import { GradewireError } from '../core/errors.ts';
import { newUuid, randomToken } from '../core/ids.ts';
import type { Provider } from '../core/vocabulary.ts';
import type { Database } from '../db/database.ts';
import { checkNeeds, checkSettings, refuseIf, type SourceSettings } from './check-source.ts';
import { claimSlug } from './claim-slug.ts';
import type { Source } from './source.ts';
import { type SourceRow, toSource } from './source-row.ts';
import { sealSecrets } from './stored-secrets.ts';

/** What POST sources takes, and whose source it is. */
export interface NewSource extends SourceSettings {
  workspace: number;
  provider: Provider;
}

/** Slugs tried with a running number before chance decides: `quizapi`, `quizapi-2`, … */
const NUMBERED_SLUGS = 20;

/**
 * Makes a source. Without a slug it gets the provider's name, with a number when that is taken. Platforms that sign nothing
 * get a random URL token.
 * Throws `invalid_request` with details, or `conflict` when the slug is taken.
 */
export async function createSource(db: Database, box: SecretBox, input: NewSource): Promise<Source> {
  const adapter = adapterFor(input.provider);
  refuseIf([...checkSettings(input, adapter), ...checkNeeds(input, adapter)]);
  const id = newUuid();
  const sealed = sealSecrets(box, id, {
    secrets: input.secret === undefined ? [] : [{ value: input.secret, expiresAt: null }],
    basicAuth: input.basicAuth == null ? [] : [{ ...input.basicAuth, expiresAt: null }],
    tokens: adapter.needs.urlToken ? [{ value: randomToken(), expiresAt: null }] : [],
  });

  const insert = async (slug: string): Promise<Source | null> =>
    db.transaction(async (tx) => {
      if (!(await claimSlug(tx, slug, input.workspace, id))) return null;
      const rows = await tx.query<SourceRow>(
        `INSERT INTO sources (workspace, id, provider, slug, name, public_key, secrets, allowed_origins, identity_from, rate_limit, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, date_trunc('milliseconds', now()))
         RETURNING *`,
        [
          input.workspace,
          id,
          input.provider,
          slug,
          input.name ?? adapter.title,
          input.publicKey ?? null,
          sealed,
          input.allowedOrigins ?? null,
          JSON.stringify(input.identityFrom ?? {}),
          input.rateLimit ?? null,
        ],
      );
      const row = rows[0];
      if (row === undefined) throw new Error('The new source did not come back from the database.');
      return toSource(row, box);
    });

  if (input.slug !== undefined) {
    const source = await insert(input.slug);
    if (source === null) throw slugTaken(input.slug);
    return source;
  }
  for (let n = 1; n <= NUMBERED_SLUGS; n += 1) {
    const source = await insert(n === 1 ? input.provider : `${input.provider}-${n}`);
    if (source !== null) return source;
  }
  const slug = `${input.provider}-${newUuid().slice(0, 8)}`;
  const source = await insert(slug);
  if (source === null) throw slugTaken(slug);
  return source;
}

function slugTaken(slug: string): GradewireError {
  return new GradewireError('conflict', `The slug "${slug}" is taken on this instance. Choose another one.`);
}
