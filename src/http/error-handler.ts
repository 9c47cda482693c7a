/** Every error leaves in the catalogue's shape (src/core/errors.ts), and our own faults never as a 4xx. */
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { type ErrorCode, GradewireError } from '../core/errors.ts';
import { randomToken } from '../core/ids.ts';
import { isDatabaseAway } from '../db/away.ts';
import { validationDetails } from './validation-details.ts';

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

/** What the request adds to the message: its own limit; and that a change may have been made although its answer was lost. */
function knownTo(request: FastifyRequest, error: GradewireError): GradewireError {
  const safe = request.method === 'GET' || request.method === 'HEAD';
  if (error.code === 'payload_too_large') return tooLarge(request.routeOptions.bodyLimit, error.cause);
  if (error.code !== 'store_unavailable' || error.cause === undefined) return error;
  const message = safe
    ? 'The database is away or did not answer in time. Try again after Retry-After seconds.'
    : 'The database is away or did not answer in time, so this may have been done or not. Look before you send it again.';
  return new GradewireError('store_unavailable', message, { cause: error.cause });
}

/** Routes differ in what they take: a roster is larger than a webhook. */
function tooLarge(limit: number, cause: unknown): GradewireError {
  const mebibytes = Math.floor(limit / 1024 / 1024);
  const message = `The body is over the limit of ${mebibytes} MiB. Send less in one request.`;
  return new GradewireError('payload_too_large', message, { cause });
}

function toGradewireError(error: unknown): GradewireError {
  if (error instanceof GradewireError) return error;
  if (isDatabaseAway(error)) return new GradewireError('store_unavailable', undefined, { cause: error });
  if (!isFastifyError(error)) return new GradewireError('internal', undefined, { cause: error });
  if (error.validation !== undefined) {
    const place = PLACES[error.validationContext ?? ''] ?? error.validationContext ?? 'request';
    return new GradewireError('invalid_request', undefined, {
      details: validationDetails(place, error.validation),
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
