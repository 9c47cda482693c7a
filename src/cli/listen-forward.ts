/** Passes a request on, as it came. */

export interface Answered {
  status: number;
  contentType: string | null;
  body: Buffer;
  /** Why nothing answered: a sentence; null when something did. */
  error: string | null;
}

/** As long as Gradewire itself waits. */
const WAIT_MS = 15_000;
/** They are about the connection they came on. */
const OF_THE_CONNECTION = new Set([
  'connection',
  'content-length',
  'expect',
  'host',
  'keep-alive',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/** Never rejects: where nothing answers the sender is told 502, so it tries again. */
export async function forward(
  to: URL,
  request: { method: string; headers: Readonly<Record<string, string>>; body: Buffer },
): Promise<Answered> {
  try {
    const response = await fetch(to, {
      method: request.method,
      headers: Object.entries(request.headers).filter(([name]) => !OF_THE_CONNECTION.has(name)),
      body: request.body.byteLength === 0 ? null : new Uint8Array(request.body),
      redirect: 'manual',
      signal: AbortSignal.timeout(WAIT_MS),
    });
    const body = Buffer.from(await response.arrayBuffer());
    return { status: response.status, contentType: response.headers.get('content-type'), body, error: null };
  } catch (error) {
    return {
      status: 502,
      contentType: 'application/json',
      body: Buffer.from('{"received":false}\n'),
      error: why(error),
    };
  }
}

function why(error: unknown): string {
  if (error instanceof Error && error.name === 'TimeoutError') return 'It did not answer within 15 seconds.';
  const cause = error instanceof Error ? error.cause : undefined;
  const code: unknown = cause instanceof Error ? Reflect.get(cause, 'code') : undefined;
  return code === 'ECONNREFUSED' ? 'Nothing listens there.' : `It could not be reached (${String(code ?? error)}).`;
}
