/** Holds every answer of a test against what openapi.json says of its route. */
import Schema from 'typebox/schema';
import type { App } from '../../src/http/context.ts';
import { type OpenapiDocument, openapiDocument } from '../../src/http/openapi.ts';

export interface Contract {
  /** Throws when the JSON of a 2xx answer is not what the route's schema says. */
  check(method: string, url: string, status: number, json: unknown): void;
}

/** By whether an app has the routes of the role `api`, which is all that they depend on: reading it takes longer than making an app. */
const read = new Map<boolean, Contract>();

export function contractOf(app: App): Contract {
  const hasApi = app.hasRoute({ method: 'GET', url: '/api/v1/me' });
  const contract = read.get(hasApi) ?? readContract(app);
  read.set(hasApi, contract);
  return contract;
}

function readContract(app: App): Contract {
  const { paths } = openapiDocument(app);
  // Fixed words before parameters: /receipts/replay is not /receipts/{id}.
  const templates = Object.keys(paths).toSorted((a, b) => a.split('{').length - b.split('{').length);
  return {
    check(method, url, status, json) {
      if (status < 200 || status > 299) return;
      const path = url.split('?', 1)[0] ?? '';
      const template = templates.find((t) => new RegExp(`^${t.replace(/\{\w+\}/g, '[^/]+')}$`).test(path));
      const schema = template === undefined ? undefined : schemaOf(paths, template, method, status);
      if (schema === undefined) return;
      const [fits, errors] = Schema.Errors(schema, json);
      if (fits) return;
      const [first] = errors;
      throw new Error(
        `${method} ${template} ${status} answers what its schema does not say: ${first?.instancePath} ${first?.message}`,
      );
    },
  };
}

function schemaOf(
  paths: OpenapiDocument['paths'],
  template: string,
  method: string,
  status: number,
): object | undefined {
  const answer = paths[template]?.[method.toLowerCase()]?.responses[String(status)];
  return answer?.content?.['application/json']?.schema;
}
