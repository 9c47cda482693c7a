/** What would be sent: the body of an example event, for forms and the test of an endpoint. */
import type { Static } from 'typebox';
import { Value } from 'typebox/value';
import { GradewireError } from '../../core/errors.ts';
import { newUuid } from '../../core/ids.ts';
import type { JsonObject } from '../../core/vocabulary.ts';
import type { Endpoint } from '../../delivery/endpoint.ts';
import { blankEndpoint } from '../../delivery/endpoints/blank-endpoint.ts';
import { getEndpoint } from '../../delivery/endpoints/get-endpoint.ts';
import { joinConfig, keptSecrets, splitConfig } from '../../delivery/endpoints/sealed.ts';
import { kindOf } from '../../delivery/kinds/registry.ts';
import { pseudonymKey, reduceText } from '../../delivery/personal-data.ts';
import { EventText } from '../../live/events.ts';
import { principalOf } from '../access.ts';
import type { App, HttpContext } from '../context.ts';
import { invalid, uuidOf } from '../contracts/common.ts';
import { endpointPreviewBody, endpointPreviewSchema } from '../contracts/endpoint-preview.ts';
import { foundEndpoint } from '../endpoint-answer.ts';
import { eventExample } from '../event-catalogue.ts';
import { validationDetails } from '../validation-details.ts';

export function endpointPreviewRoutes(app: App, { db, box, settings }: HttpContext): void {
  app.post(
    '/api/v1/endpoints/preview',
    {
      config: { access: ['admin', 'integration'] },
      schema: {
        tags: ['Endpoints'],
        summary: 'The body that would be sent of an example event',
        description: 'By settings that need not be stored, or by those of an endpoint. Nothing is sent.',
        body: endpointPreviewBody,
        response: { 200: endpointPreviewSchema },
      },
    },
    async (request) => {
      const { body } = request;
      const { workspace } = principalOf(request);
      const stored =
        body.endpoint === undefined
          ? null
          : foundEndpoint(await getEndpoint(db, box, workspace, uuidOf('end', body.endpoint)));
      const endpoint = asTold(stored ?? blank(workspace, body), body);
      const whole = EventText.of(eventExample(body.eventType ?? 'attempt.completed'));
      const key = pseudonymKey(settings.encryptionKey, endpoint.id);
      const made = await kindOf(endpoint.kind).preview(
        endpoint,
        {
          deliveryId: newUuid(),
          webhookId: 'msg_example',
          told: reduceText(whole, endpoint.personalData, key),
          whole,
          test: true,
          tryNumber: 1,
        },
        { publicUrl: settings.publicUrl, now: Date.now },
      );
      return { body: typeof made === 'string' ? made : JSON.stringify(made) };
    },
  );
}

function blank(workspace: number, { kind }: Static<typeof endpointPreviewBody>): Endpoint {
  if (kind === undefined) throw invalid('body/kind', 'Say which kind of endpoint it is, or name an endpoint.');
  return blankEndpoint(workspace, kind);
}

/** With the settings of the request; secrets that it leaves out are those that are kept. */
function asTold(before: Endpoint, told: Static<typeof endpointPreviewBody>): Endpoint {
  const after: Endpoint = {
    ...before,
    url: told.url ?? before.url,
    to: told.to ?? before.to,
    personalData: told.personalData ?? before.personalData,
  };
  if (told.config === undefined) return after;
  const { secretPaths, configSchema } = kindOf(before.kind);
  const said = splitConfig(told.config as JsonObject, secretPaths);
  const kept = keptSecrets(splitConfig(before.config, secretPaths), told.config as JsonObject);
  const config = joinConfig(said.shown, { ...kept, ...said.secrets });
  // Secrets are no part of a body, so that those not typed yet are no reason to show none.
  const problems = validationDetails('body/config', Value.Errors(configSchema, config)).filter(
    ({ path }) => !path.startsWith('body/config/auth'),
  );
  if (problems.length > 0) throw new GradewireError('invalid_request', undefined, { details: problems });
  const { auth: _auth, ...rest } = config;
  return { ...after, config: rest };
}
