/** JSON Schemas in words: the type of a value in a few, the fields of an object as rows, and an example of its shape. */
import type { JsonSchema } from '../openapi.ts';

export interface Field {
  /** `data[].source.id` */
  path: string;
  type: string;
  required: boolean;
  description: string;
}

/** Deeper than any contract of ours; ends schemas that hold themselves. */
const MAX_DEPTH = 6;

/** `text (one of: a, b) or null` */
export function typeOf(schema: JsonSchema): string {
  if (schema.$ref !== undefined) return schema.$ref.split('/').at(-1) ?? '';
  if (schema.enum !== undefined) return schema.enum.map((value) => JSON.stringify(value)).join(' | ');
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.anyOf !== undefined) return [...new Set(schema.anyOf.map(typeOf))].join(' or ');
  if (schema.allOf !== undefined) return 'object';
  if (Array.isArray(schema.type)) return schema.type.join(' or ');
  if (schema.type === 'array') return `list of ${typeOf(schema.items ?? {})}`;
  if (schema.type === 'string' && schema.format === 'date-time') return 'time';
  const bounds = [
    schema.minimum === undefined ? '' : `≥ ${schema.minimum}`,
    schema.maximum === undefined ? '' : `≤ ${schema.maximum}`,
  ].filter((bound) => bound !== '');
  return `${schema.type ?? 'any'}${bounds.length === 0 ? '' : ` (${bounds.join(', ')})`}`;
}

/** The fields of an object, or of the objects in a list, those within them after each. */
export function fieldsOf(schema: JsonSchema, prefix = '', depth = 0): Field[] {
  if (depth > MAX_DEPTH) return [];
  const parts = [schema, ...(schema.allOf ?? []), ...(schema.anyOf ?? [])];
  const rows = parts.flatMap((part) =>
    Object.entries(part.properties ?? {}).flatMap(([name, property]) => {
      const path = `${prefix}${name}`;
      const row: Field = {
        path,
        type: typeOf(property),
        required: part.required?.includes(name) ?? false,
        description:
          property.description ?? property.anyOf?.find((part) => part.description !== undefined)?.description ?? '',
      };
      return [row, ...fieldsOf(property, `${path}.`, depth + 1)];
    }),
  );
  const items = parts.find((part) => part.items !== undefined)?.items;
  const within = prefix === '' ? '[].' : `${prefix.slice(0, -1)}[].`;
  return items === undefined ? rows : [...rows, ...fieldsOf(items, within, depth + 1)];
}

/** A value of that shape; types stand where a value would say nothing. */
export function exampleOf(schema: JsonSchema, depth = 0): unknown {
  if (schema.examples?.[0] !== undefined) return schema.examples[0];
  if (schema.const !== undefined) return schema.const;
  if (schema.enum !== undefined) return schema.enum[0];
  const [first] = schema.anyOf ?? [];
  if (first !== undefined) return exampleOf(first, depth);
  if (schema.allOf !== undefined) return Object.assign({}, ...schema.allOf.map((part) => exampleOf(part, depth)));
  if (depth > MAX_DEPTH) return null;
  if (schema.properties !== undefined || schema.type === 'object') {
    return Object.fromEntries(
      Object.entries(schema.properties ?? {}).map(([name, property]) => [name, exampleOf(property, depth + 1)]),
    );
  }
  switch (schema.type) {
    case 'array':
      return schema.items === undefined ? [] : [exampleOf(schema.items, depth + 1)];
    case 'string':
      return schema.format === 'date-time' ? '2026-04-08T14:30:00.000Z' : '…';
    case 'integer':
    case 'number':
      return schema.minimum ?? 0;
    case 'boolean':
      return false;
    default:
      return null;
  }
}
