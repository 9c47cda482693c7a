/** Trying out the settings of an endpoint before anything is sent. */
import { Type } from 'typebox';
import { EVENT_TYPES } from '../../core/vocabulary.ts';
import { newEndpointBody } from './endpoints.ts';

const { kind, url, to, config, personalData } = newEndpointBody.properties;

export const endpointPreviewBody = Type.Object(
  {
    endpoint: Type.Optional(
      Type.String({ maxLength: 200, description: 'An endpoint id: what is left out is as it is stored there.' }),
    ),
    kind: Type.Optional(kind),
    url,
    to,
    config,
    personalData,
    eventType: Type.Optional(Type.Enum([...EVENT_TYPES], { description: 'attempt.completed when not said.' })),
  },
  { additionalProperties: false },
);

export const endpointPreviewSchema = Type.Object({
  body: Type.String({ description: 'As it would be sent: JSON, or the text that a template makes.' }),
});
