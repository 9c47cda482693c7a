import type { SecretBox } from '../../core/encryption.ts';
import type { Uuid } from '../../core/ids.ts';
import type { Database } from '../../db/database.ts';
import type { StoredEndpoint } from './endpoint-row.ts';
import { patchEndpoint } from './patch-endpoint.ts';

/** Disables by hand (nothing is planned, what waits stays), or enables: what waited goes on. null where there is none. */
export async function setEnabled(
  db: Database,
  box: SecretBox,
  workspace: number,
  id: Uuid,
  enabled: boolean,
): Promise<StoredEndpoint | null> {
  return patchEndpoint(db, box, workspace, id, { enabled });
}
