/**
 * The one catalogue of errors that callers can meet: code, status, and a sentence that says what to do.
 * test/unit/errors.test.ts ties it to docs/errors.md both ways.
 */
export const ERRORS = {
  malformed_json: { status: 400, message: 'The body is not JSON. Send valid JSON in UTF-8.' },
  invalid_request: { status: 400, message: 'The request does not fit this route. See `details` for what to change.' },
  missing_signature: {
    status: 401,
    message:
      'The signature is missing. Turn signing on at the platform, or check that a proxy does not strip its headers.',
  },
  invalid_signature: {
    status: 401,
    message:
      'The signature does not match. Check that the secret at the platform is the one of this source, or rotate it.',
  },
  stale_timestamp: {
    status: 401,
    message: 'The signed time is more than 5 minutes off. Check the clocks of the sender and of this machine.',
  },
  invalid_credentials: {
    status: 401,
    message: 'User name or password do not match this source. Check both at the platform.',
  },
  unauthorized: {
    status: 401,
    message: 'This needs a credential. Sign in, or send `Authorization: Bearer <API key>`.',
  },
  forbidden: { status: 403, message: 'This credential may not do that. Use one whose role allows it.' },
  not_found: { status: 404, message: 'There is nothing at this address. Check the id and the path.' },
  unknown_source: { status: 404, message: 'No source has this URL. Copy the ingest URL of the source again.' },
  method_not_allowed: { status: 405, message: 'This address does not take that method.' },
  ambiguous_learner: {
    status: 409,
    message: 'More than one learner bears this id. Say which with `?source=`, or use the learner id.',
  },
  conflict: { status: 409, message: 'This clashes with something that exists. See the message for what.' },
  payload_too_large: { status: 413, message: 'The body is over the limit of 1 MiB. Send less in one request.' },
  unsupported_media_type: { status: 415, message: 'Send this with `Content-Type: application/json`.' },
  rate_limited: { status: 429, message: 'Too many requests. Wait as long as Retry-After says.' },
  internal: {
    status: 500,
    message: 'Something failed on our side. Try again; if it stays, look the error id up in the log.',
  },
  store_unavailable: {
    status: 503,
    message: 'The database is away, so nothing was stored. Try again after Retry-After seconds.',
  },
} as const satisfies Record<string, { status: number; message: string }>;

export type ErrorCode = keyof typeof ERRORS;

/** One place of a request that does not fit: a path such as `body/name` and a sentence. */
export interface ErrorDetail {
  path: string;
  message: string;
}

/** An error with a code of the catalogue. `message` replaces the catalogue's sentence where something better is known. */
export class GradewireError extends Error {
  readonly code: ErrorCode;
  readonly status: number;
  readonly details: readonly ErrorDetail[] | undefined;
  /** Seconds, for Retry-After. */
  readonly retryAfter: number | undefined;

  constructor(
    code: ErrorCode,
    message?: string,
    options: { details?: readonly ErrorDetail[]; retryAfter?: number; cause?: unknown } = {},
  ) {
    super(message ?? ERRORS[code].message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'GradewireError';
    this.code = code;
    this.status = ERRORS[code].status;
    this.details = options.details;
    this.retryAfter = options.retryAfter;
  }

  /** The body that callers get. */
  toBody(): { error: ErrorCode; message: string; details?: readonly ErrorDetail[] } {
    return {
      error: this.code,
      message: this.message,
      ...(this.details === undefined ? {} : { details: this.details }),
    };
  }
}
