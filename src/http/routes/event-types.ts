/** The vocabulary of events, for people and for programs that check what they get. */
import { Type } from 'typebox';
import { EVENT_TYPES } from '../../core/vocabulary.ts';
import type { App } from '../context.ts';
import { eventCatalogue } from '../event-catalogue.ts';

const entrySchema = Type.Object({
  type: Type.Enum([...EVENT_TYPES]),
  description: Type.String(),
  schema: Type.Unknown({ description: 'JSON Schema of the event.' }),
  example: Type.Unknown(),
});

export function eventTypesRoutes(app: App): void {
  const data = eventCatalogue();
  app.get(
    '/api/v1/event-types',
    {
      config: { access: ['admin', 'instructor', 'integration', 'learner'] },
      schema: {
        tags: ['Events'],
        summary: 'The types of events, each with its schema and an example',
        response: { 200: Type.Object({ data: Type.Array(entrySchema) }) },
      },
    },
    async () => ({ data }),
  );
}
