/** People whom a roster named before their platform told whose realm their ids are of. */
import type { Uuid } from '../../core/ids.ts';
import { textArray } from '../../db/binary-arrays.ts';
import type { Queryable } from '../../db/database.ts';

interface Unknown {
  provider: string;
  realm: string;
  externalId: string;
  sourceId: Uuid;
}

/**
 * Gives identities of a roster, which stand under their source as long as nothing is known of its realm, the realm that the
 * first webhook of the person tells. True when there was one: the unknown are to be looked up again.
 */
export async function adoptRoster(tx: Queryable, workspace: number, unknown: readonly Unknown[]): Promise<boolean> {
  const told = unknown.filter(({ realm, sourceId }) => realm !== sourceId);
  if (told.length === 0) return false;
  const adopted = await tx.query(
    `UPDATE identities d SET realm = p.realm, roster = false
     FROM unnest($2::text[], $3::text[], $4::text[], $5::text[]) AS p (provider, realm, external_id, source_id)
     WHERE d.workspace = $1 AND d.realm = p.source_id AND d.external_id = p.external_id AND d.provider = p.provider AND d.roster
     RETURNING 1`,
    [
      workspace,
      textArray(told.map(({ provider }) => provider)),
      textArray(told.map(({ realm }) => realm)),
      textArray(told.map(({ externalId }) => externalId)),
      textArray(told.map(({ sourceId }) => sourceId)),
    ],
  );
  return adopted.length > 0;
}
