/** What the API said when it refused or failed: code, sentence, details, and the id under which the log tells more. */
export interface ErrorDetail {
  path: string;
  message: string;
}

export class ApiError extends Error {
  /** HTTP status; 0 when the server could not be reached. */
  readonly status: number;
  readonly code: string;
  readonly details: readonly ErrorDetail[];
  /** Finds the log line. */
  readonly requestId: string | null;

  constructor(
    status: number,
    code: string,
    message: string,
    details: readonly ErrorDetail[],
    requestId: string | null,
  ) {
    super(message);
    this.name = 'ApiError';
    this.status = status;
    this.code = code;
    this.details = details;
    this.requestId = requestId;
  }

  /** From an answer that is no success; bodies that are not ours (a proxy's) become a plain sentence. */
  static async from(response: Response): Promise<ApiError> {
    const body: unknown = await response
      .clone()
      .json()
      .catch(() => null);
    const id = response.headers.get('x-request-id');
    if (typeof body === 'object' && body !== null && 'error' in body && 'message' in body) {
      const details = 'details' in body && Array.isArray(body.details) ? (body.details as ErrorDetail[]) : [];
      return new ApiError(response.status, String(body.error), String(body.message), details, id);
    }
    return new ApiError(response.status, 'unknown', `${response.status} ${response.statusText}`.trim(), [], id);
  }

  static unreachable(cause: unknown): ApiError {
    const error = new ApiError(0, 'unreachable', 'unreachable', [], null);
    error.cause = cause;
    return error;
  }
}
