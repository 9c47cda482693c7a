/**
 * Whether a statement may go to an LRS: the rules of Learning Locker, an LRS that many run, by its own package; and those of
 * the specification that it leaves to others (docs/decisions/0170-xapi-statements.md).
 */
import { statement as statementRule } from '@learninglocker/xapi-validation/dist/factory.js';
import type { JsonObject } from '../../src/core/vocabulary.ts';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

/** What is wrong with it, a sentence each; empty when nothing is. */
export function statementProblems(statement: JsonObject): string[] {
  const problems = statementRule(statement, ['statement']).map(
    (warning) => `${warning.path.join('.')}: ${warning.constructor.name}`,
  );
  if (!UUID.test(String(statement.id))) problems.push('id: is no UUID');
  // RFC 3339; Learning Locker takes more forms of ISO 8601 than the specification.
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/.test(String(statement.timestamp))) {
    problems.push('timestamp: is no time of RFC 3339');
  }
  walk(statement, 'statement', problems);
  return problems;
}

function walk(value: unknown, path: string, problems: string[]): void {
  if (value === null) problems.push(`${path}: null may stand only in extensions`);
  if (typeof value !== 'object' || value === null) return;
  if (Array.isArray(value)) {
    for (const [i, entry] of value.entries()) walk(entry, `${path}[${i}]`, problems);
    return;
  }
  const object = value as Record<string, unknown>;
  const { type, interactionType } = object;
  if (type === 'http://adlnet.gov/expapi/activities/cmi.interaction' && interactionType === undefined) {
    problems.push(`${path}: an interaction without interactionType`);
  }
  if ('homePage' in object && !URL.canParse(String(object.homePage))) problems.push(`${path}.homePage: is no URL`);
  if (object.objectType === 'Activity' && !URL.canParse(String(object.id))) problems.push(`${path}.id: is no URL`);
  for (const [name, part] of Object.entries(object)) {
    if (part === '') problems.push(`${path}.${name}: is empty`);
    if (name !== 'extensions') walk(part, `${path}.${name}`, problems);
    else for (const key of Object.keys(part as object)) if (!URL.canParse(key)) problems.push(`${path}.${key}: no IRI`);
  }
  if ('category' in object) problems.push(`${path}.category: cmi5 is for sessions that we launch`);
}
