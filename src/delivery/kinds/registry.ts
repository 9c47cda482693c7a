/** The kinds of endpoints: a fourth means one folder and one line here. */
import type { EndpointKind } from '../endpoint.ts';
import { email } from './email/email.ts';
import type { Kind } from './kind.ts';
import { webhookKind } from './webhook/webhook.ts';
import { xapi } from './xapi/xapi.ts';

const KINDS: Partial<Record<EndpointKind, Kind>> = { webhook: webhookKind, xapi, email };

/** Throws for a kind that this version does not have: a row of a newer one. */
export function kindOf(name: EndpointKind): Kind {
  const kind = KINDS[name];
  if (kind === undefined) throw new Error(`Endpoints of kind "${name}" are not part of this version.`);
  return kind;
}
