/** What a schema says does not fit, as `details`: a path and a sentence. */
import type { FastifySchemaValidationError } from 'fastify';
import type { ErrorDetail } from '../core/errors.ts';
import { MAX_LIMIT } from './pagination.ts';

/** Of a page too large callers want to know the range, not only the side they missed. */
const LIMIT_PATH = 'query/limit';

/** The problems that a schema of `place` (`body`, `query`) found, each as callers can mend it. */
export function validationDetails(place: string, problems: readonly FastifySchemaValidationError[]): ErrorDetail[] {
  return telling(problems).flatMap((problem) => toDetails(place, problem));
}

/** Of a value that may also be null, what it should be; that it is not null either, and fits neither, tells nobody anything. */
function telling(problems: readonly FastifySchemaValidationError[]): FastifySchemaValidationError[] {
  const isNoise = ({ keyword, params }: FastifySchemaValidationError) =>
    keyword === 'anyOf' || (keyword === 'type' && Object.values(params).includes('null'));
  return problems.filter(
    (problem) =>
      !isNoise(problem) ||
      !problems.some((other) => other.instancePath.startsWith(problem.instancePath) && !isNoise(other)),
  );
}

/** TypeBox names the object for a missing or superfluous property; callers want the property itself. */
function toDetails(place: string, problem: FastifySchemaValidationError): ErrorDetail[] {
  const at = `${place}${problem.instancePath}`;
  const names = namesIn(problem.params, 'requiredProperties');
  if (problem.keyword === 'required' && names.length > 0) {
    return names.map((name) => ({ path: `${at}/${name}`, message: 'This is needed.' }));
  }
  const superfluous = namesIn(problem.params, 'additionalProperties');
  if (problem.keyword === 'additionalProperties' && superfluous.length > 0) {
    return superfluous.map((name) => ({
      path: `${at}/${name}`,
      message: 'This field is not known here. Leave it out.',
    }));
  }
  if (at === LIMIT_PATH) return [{ path: at, message: `This must be a whole number from 1 to ${MAX_LIMIT}.` }];
  const allowed = namesIn(problem.params, 'allowedValues');
  if (problem.keyword === 'enum' && allowed.length > 0) {
    return [{ path: at, message: `This must be one of: ${allowed.join(', ')}.` }];
  }
  // An unknown property is reported a second time, by its own schema `false`.
  if (problem.keyword === 'boolean') return [];
  const message = problem.message ?? 'does not fit';
  return [{ path: at, message: `This ${message.endsWith('.') ? message : `${message}.`}` }];
}

function namesIn(params: object, key: string): string[] {
  const value: unknown = Object.entries(params).find(([name]) => name === key)?.[1];
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}
