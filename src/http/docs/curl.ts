/** A command line to try a route with. */
import type { Operation } from '../openapi.ts';
import { exampleOf } from './schema-text.ts';

/** `curl …` for the route; the key stands in $GRADEWIRE_KEY. */
export function curlOf(server: string, method: string, path: string, operation: Operation): string {
  const url = `${server}${path.replace(/\{(\w+)\}/g, (_all, name: string) => name.toUpperCase())}`;
  const parts = [`curl${method === 'GET' ? '' : ` -X ${method}`}`];
  if ((operation.security ?? []).some((scheme) => 'apiKey' in scheme)) {
    parts.push('-H "Authorization: Bearer $GRADEWIRE_KEY"');
  }
  const schema = Object.values(operation.requestBody?.content ?? {})[0]?.schema;
  if (schema !== undefined) {
    const required = { ...schema, ...(schema.required === undefined ? {} : { properties: onlyRequired(schema) }) };
    parts.push(
      `-H 'Content-Type: application/json'`,
      `-d '${JSON.stringify(exampleOf(required)).replaceAll("'", "'\\''")}'`,
    );
  }
  return [...parts, `'${url}'`].join(' \\\n  ');
}

function onlyRequired(schema: { required?: string[]; properties?: Record<string, object> }): Record<string, object> {
  return Object.fromEntries(
    Object.entries(schema.properties ?? {}).filter(([name]) => schema.required?.includes(name)),
  );
}
