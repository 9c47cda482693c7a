/** An endpoint as the API shows it: its secrets left out, its numbers beside it. */
import type { Static } from 'typebox';
import { GradewireError } from '../core/errors.ts';
import { publicId } from '../core/ids.ts';
import type { EndpointCounts } from '../delivery/endpoints/endpoint-counts.ts';
import type { StoredEndpoint } from '../delivery/endpoints/endpoint-row.ts';
import type { endpointSchema, secretSchema } from './contracts/endpoints.ts';

/** The endpoint that a route is about; 404 where there is none. */
export function foundEndpoint(endpoint: StoredEndpoint | null): StoredEndpoint {
  if (endpoint !== null) return endpoint;
  throw new GradewireError('not_found', 'No endpoint has this id. GET /api/v1/endpoints lists them.');
}

/** Its signing secret, and until when the one before holds too. */
export function secretAnswer({ signingSecrets }: StoredEndpoint): Static<typeof secretSchema> {
  const [current, previous] = signingSecrets;
  if (current === undefined) throw new Error('The endpoint has no signing secret.');
  return { secret: current.secret, previousUntil: previous?.until?.toISOString() ?? null };
}

/** Before anything was sent. */
export const NO_DELIVERIES: EndpointCounts = { pending: 0, succeeded24h: 0, failed24h: 0 };

export function endpointAnswer(endpoint: StoredEndpoint, counts: EndpointCounts): Static<typeof endpointSchema> {
  const { activity, cohort, ...filter } = endpoint.filter;
  return {
    id: publicId('end', endpoint.id),
    kind: endpoint.kind,
    url: endpoint.url,
    to: endpoint.to,
    description: endpoint.description,
    eventTypes: [...endpoint.eventTypes],
    filter: {
      ...filter,
      ...(activity === undefined ? {} : { activity: publicId('act', activity) }),
      ...(cohort === undefined ? {} : { cohort: publicId('coh', cohort) }),
    },
    rateLimit: endpoint.ratePerSecond === null ? null : { perSecond: endpoint.ratePerSecond },
    ordered: endpoint.ordered,
    personalData: endpoint.personalData,
    config: endpoint.shownConfig,
    secretsSet: [...endpoint.secretsSet],
    enabled: endpoint.enabled,
    disabledReason: endpoint.disabledReason,
    disabledAt: endpoint.disabledAt?.toISOString() ?? null,
    failingSince: endpoint.failingSince?.toISOString() ?? null,
    ...counts,
    createdAt: endpoint.createdAt.toISOString(),
  };
}
