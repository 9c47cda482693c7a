/** What an endpoint is before anything is said of it. */
import { newUuid } from '../../core/ids.ts';
import type { Endpoint, EndpointKind } from '../endpoint.ts';

/** With the defaults of the contract: every event, everything in it, no limit. */
export function blankEndpoint(workspace: number, kind: EndpointKind): Endpoint {
  return {
    workspace,
    id: newUuid(),
    kind,
    url: null,
    to: null,
    description: null,
    eventTypes: [],
    filter: {},
    ratePerSecond: null,
    ordered: false,
    personalData: 'full',
    config: {},
    signingSecrets: [],
    enabled: true,
    createdAt: new Date(),
  };
}
