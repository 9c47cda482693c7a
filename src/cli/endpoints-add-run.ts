/** What `gradewire endpoints add` does: apart from the others, because it alone needs every kind of endpoint there is. */
import type { EventType, Provider, Verification } from '../core/vocabulary.ts';
import type { EndpointKind, PersonalData } from '../delivery/endpoint.ts';
import { createEndpoint } from '../delivery/endpoints/create-endpoint.ts';
import { guardedHttp } from '../delivery/http/client.ts';
import { endpointAnswer, NO_DELIVERIES, secretAnswer } from '../http/endpoint-answer.ts';
import { newEndpoint } from '../http/endpoint-settings.ts';
import { createMailer } from '../mail/mailer.ts';
import { placeOf } from './endpoints-run.ts';
import { allowPrivateOf } from './running-server.ts';
import { say, sayJson, styled } from './terminal.ts';
import { WORKSPACE, withDatabase } from './with-database.ts';

export interface AddEndpointOptions {
  kind?: EndpointKind;
  events?: EventType[];
  provider?: Provider;
  activity?: string;
  cohort?: string;
  outcome?: 'passed' | 'failed';
  verification?: Verification;
  description?: string;
  rate?: number;
  ordered?: true;
  personalData?: PersonalData;
  config?: Record<string, unknown>;
  json?: true;
}

/** Makes an endpoint and shows its signing secret. */
export async function addEndpoint(where: string, options: AddEndpointOptions): Promise<void> {
  const {
    kind = isMail(where) ? 'email' : 'webhook',
    rate,
    events,
    config,
    description,
    ordered,
    personalData,
  } = options;
  const { provider, activity, cohort, outcome, verification } = options;
  await withDatabase(async (context) => {
    const outgoing = guardedHttp({ allowPrivate: allowPrivateOf(context.settings) });
    const mailer = createMailer(context.settings);
    try {
      const wanted = await newEndpoint({ db: context.db, mailer, outgoing }, WORKSPACE, {
        kind,
        ...(kind === 'email' ? { to: where } : { url: where }),
        filter: {
          provider: provider ?? null,
          activity: activity ?? null,
          cohort: cohort ?? null,
          outcome: outcome ?? null,
          verification: verification ?? null,
        },
        ...(events === undefined ? {} : { eventTypes: events }),
        ...(description === undefined ? {} : { description }),
        ...(rate === undefined ? {} : { rateLimit: { perSecond: rate } }),
        ...(ordered === undefined ? {} : { ordered }),
        ...(personalData === undefined ? {} : { personalData }),
        ...(config === undefined ? {} : { config }),
      });
      const endpoint = await createEndpoint(context.db, context.box, wanted);
      const { secret } = secretAnswer(endpoint);
      const shown = endpointAnswer(endpoint, NO_DELIVERIES);
      if (options.json) return sayJson({ ...shown, secret });
      say(`${styled('green', '✓')} Events go to ${styled('bold', placeOf(shown))} ${styled('dim', `(${shown.id})`)}`);
      say();
      if (kind === 'webhook')
        say(`  Secret   ${styled('bold', secret)}  ${styled('dim', 'verifies webhook-signature')}`);
      say(`  Try it   npx gradewire endpoints test ${shown.id}`);
    } finally {
      await outgoing.close();
      mailer?.close();
    }
  });
}

function isMail(where: string): boolean {
  return where === 'learner' || (/^[^/\s]+@[^/\s]+$/.test(where) && !where.includes('://'));
}
