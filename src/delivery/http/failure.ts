/** Why an outgoing call came to no answer, in a sentence for whoever looks after the endpoint. */

export type OutgoingFailure =
  | 'url'
  | 'address'
  | 'dns'
  | 'refused'
  | 'unreachable'
  | 'tls'
  | 'timeout'
  | 'reset'
  | 'protocol'
  | 'aborted';

/** No (whole) answer. The message is a sentence that can be shown; `status` and `body` are what had come by then. */
export class OutgoingError extends Error {
  readonly failure: OutgoingFailure;
  readonly status: number | null;
  readonly body: string | null;

  constructor(
    failure: OutgoingFailure,
    message: string,
    options: { status?: number | null; body?: string | null; cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'OutgoingError';
    this.failure = failure;
    this.status = options.status ?? null;
    this.body = options.body ?? null;
  }
}

/** What was reached before the failure. */
interface Reached {
  host: string;
  status: number | null;
  body: string | null;
}

/** Turns whatever undici, TLS, sockets and DNS throw into an OutgoingError. */
export function toOutgoingError(error: unknown, reached: Reached): OutgoingError {
  const own = findOwn(error);
  if (own !== null) return own;
  const [failure, message] = explain(codesOf(error), reached);
  return new OutgoingError(failure, message, { status: reached.status, body: reached.body, cause: error });
}

function explain(codes: readonly string[], { host, status }: Reached): [OutgoingFailure, string] {
  const has = (...wanted: string[]) => wanted.some((code) => codes.includes(code));
  const code = codes[0] ?? 'unknown';
  if (has('UND_ERR_DESTROYED', 'UND_ERR_CLOSED')) return ['aborted', 'The call was interrupted.'];
  if (has('ENOTFOUND', 'ENODATA', 'ENONAME')) {
    return ['dns', `The name ${host} was not found in DNS. Check the URL.`];
  }
  if (has('EAI_AGAIN', 'EAI_FAIL', 'ESERVFAIL', 'ETIMEOUT')) {
    return ['dns', `DNS gave no answer for ${host}. Its name server, or the one of this machine, may be down.`];
  }
  const tls = codes.find((each) => each in TLS_PROBLEMS || /^(ERR_SSL|ERR_TLS|CERT_|EPROTO)/.test(each));
  if (tls !== undefined) {
    return ['tls', `${host} cannot be trusted over TLS: ${TLS_PROBLEMS[tls] ?? `the handshake failed (${tls})`}.`];
  }
  if (has('ECONNREFUSED')) return ['refused', `${host} refused the connection. Nothing listens at that port.`];
  if (has('UND_ERR_CONNECT_TIMEOUT', 'ETIMEDOUT')) {
    return ['timeout', `${host} did not accept a connection in time. It may be down, or a firewall drops the packets.`];
  }
  if (has('EHOSTUNREACH', 'ENETUNREACH', 'EADDRNOTAVAIL', 'EHOSTDOWN', 'ENETDOWN')) {
    return ['unreachable', `There is no way from this machine to ${host} (${code}).`];
  }
  if (has('ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET', 'ECONNABORTED', 'UND_ERR_RES_CONTENT_LENGTH_MISMATCH')) {
    return [
      'reset',
      status === null
        ? `${host} closed the connection without an answer.`
        : `${host} began to answer (${status}) and closed the connection before the end.`,
    ];
  }
  if (has('UND_ERR_HEADERS_OVERFLOW')) return ['protocol', `${host} answered with headers that are too long.`];
  if (has('UND_ERR_INVALID_ARG')) {
    return ['protocol', 'The request cannot be sent as it is set up. Check method and headers of the endpoint.'];
  }
  if (codes.some((each) => each.startsWith('HPE_') || each === 'HTTPParserError')) {
    return ['protocol', `What ${host} answered is not HTTP. Check that the URL is that of a web server.`];
  }
  return ['protocol', `The call to ${host} failed (${code}).`];
}

const TLS_PROBLEMS: Readonly<Record<string, string>> = {
  CERT_HAS_EXPIRED: 'its certificate has expired',
  CERT_NOT_YET_VALID: 'its certificate is not valid yet',
  CERT_REVOKED: 'its certificate was revoked',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'its certificate is signed by itself (NODE_EXTRA_CA_CERTS adds one that is trusted)',
  SELF_SIGNED_CERT_IN_CHAIN:
    'its certificate comes from an authority that is not known (NODE_EXTRA_CA_CERTS adds one that is trusted)',
  UNABLE_TO_GET_ISSUER_CERT:
    'its certificate comes from an authority that is not known (NODE_EXTRA_CA_CERTS adds one that is trusted)',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    'its certificate comes from an authority that is not known (NODE_EXTRA_CA_CERTS adds one that is trusted)',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'it does not send the whole chain of its certificate',
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is for another name',
  ERR_SSL_WRONG_VERSION_NUMBER: 'it does not speak TLS at that port',
  ERR_SSL_PACKET_LENGTH_TOO_LONG: 'it does not speak TLS at that port',
};

/** Our own error may lie beneath those that passed it on. */
function findOwn(error: unknown): OutgoingError | null {
  for (let at = error; at instanceof Error; at = at.cause) if (at instanceof OutgoingError) return at;
  return null;
}

/** The codes of an error, of what caused it and, of a try at several addresses, of each; the outermost first. */
function codesOf(error: unknown): string[] {
  if (!(error instanceof Error)) return [];
  const code = 'code' in error && typeof error.code === 'string' ? [error.code] : [error.name];
  const inner = error instanceof AggregateError ? error.errors.flatMap(codesOf) : [];
  return [...code, ...inner, ...codesOf(error.cause)];
}
