/** Every error leaves in the catalogue's shape (src/core/errors.ts), and our own faults never as a 4xx. */
import type { FastifyError, FastifyReply, FastifyRequest, FastifySchemaValidationError } from 'fastify';
import { type ErrorCode, type ErrorDetail, GradewireError } from '../core/errors.ts';
import { randomToken } from '../core/ids.ts';
import { isDatabaseAway } from '../db/away.ts';
import { MAX_LIMIT } from './pagination.ts';

/** Long enough for a restarting database to come back, short enough that a sender's next try is soon. */
const RETRY_AFTER_SECONDS = 5;

/** Fastify's own refusals of a request, by its codes. */
const FASTIFY_CODES: Readonly<Record<string, ErrorCode>> = {
  FST_ERR_CTP_INVALID_JSON_BODY: 'malformed_json',
  FST_ERR_CTP_EMPTY_JSON_BODY: 'malformed_json',
  FST_ERR_CTP_BODY_TOO_LARGE: 'payload_too_large',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'unsupported_media_type',
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: 'invalid_request',
  FST_ERR_BAD_URL: 'not_found',
  FST_ERR_MAX_PARAM_LENGTH: 'not_found',
  FST_ERR_NOT_FOUND: 'not_found',
  FST_ERR_HANDLER_TIMEOUT: 'store_unavailable',
};

/** Places of a request as `details` name them, where Fastify says otherwise. */
const PLACES: Readonly<Record<string, string>> = { querystring: 'query', params: 'path' };

/** Of a page too large callers want to know the range, not only the side they missed. */
const LIMIT_PATH = 'query/limit';

/** Answers with the error, whatever it is; a fault of ours gets an id that is in the log too. */
export function handleError(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const known = knownTo(request, toGradewireError(error));
  if (known.code === 'internal') {
    const errorId = randomToken(9);
    request.log.error({ err: error, errorId, route: request.routeOptions.url }, 'request failed');
    const told = new GradewireError(
      'internal',
      `Something failed on our side. Try again; if it stays, look for ${errorId} in the log.`,
    );
    return sendError(reply, told);
  }
  if (known.code === 'store_unavailable') {
    request.log.warn({ err: error, route: request.routeOptions.url }, 'database away');
  }
  return sendError(reply, known);
}

/** Sends an error of the catalogue with the headers that belong to it. */
export function sendError(reply: FastifyReply, error: GradewireError): FastifyReply {
  const retryAfter = error.retryAfter ?? (error.code === 'store_unavailable' ? RETRY_AFTER_SECONDS : undefined);
  if (retryAfter !== undefined) reply.header('retry-after', String(Math.max(1, Math.ceil(retryAfter))));
  if (error.code === 'unauthorized') reply.header('www-authenticate', 'Bearer realm="gradewire"');
  return reply.code(error.status).type('application/json; charset=utf-8').send(error.toBody());
}

/** A change may have been made although its answer was lost: nobody may be told that nothing was stored. */
function knownTo(request: FastifyRequest, error: GradewireError): GradewireError {
  const safe = request.method === 'GET' || request.method === 'HEAD';
  if (error.code !== 'store_unavailable' || error.cause === undefined) return error;
  const message = safe
    ? 'The database is away or did not answer in time. Try again after Retry-After seconds.'
    : 'The database is away or did not answer in time, so this may have been done or not. Look before you send it again.';
  return new GradewireError('store_unavailable', message, { cause: error.cause });
}

function toGradewireError(error: unknown): GradewireError {
  if (error instanceof GradewireError) return error;
  if (isDatabaseAway(error)) return new GradewireError('store_unavailable', undefined, { cause: error });
  if (!isFastifyError(error)) return new GradewireError('internal', undefined, { cause: error });
  if (error.validation !== undefined) {
    const place = PLACES[error.validationContext ?? ''] ?? error.validationContext ?? 'request';
    return new GradewireError('invalid_request', undefined, {
      details: telling(error.validation).flatMap((problem) => toDetails(place, problem)),
      cause: error,
    });
  }
  const code = FASTIFY_CODES[error.code];
  if (code !== undefined) return new GradewireError(code, undefined, { cause: error });
  // secure-json-parse refuses `__proto__` and broken JSON with a SyntaxError that Fastify marks 400.
  if (error instanceof SyntaxError && error.statusCode === 400) {
    return new GradewireError('malformed_json', undefined, { cause: error });
  }
  return new GradewireError('internal', undefined, { cause: error });
}

function isFastifyError(error: unknown): error is FastifyError {
  return error instanceof Error && ('code' in error || 'validation' in error || 'statusCode' in error);
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
