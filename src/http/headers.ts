/** Headers of every answer, and CORS for other people's dashboards (GRADEWIRE_CORS_ORIGINS). */
import type { App } from './context.ts';

const SECURITY_HEADERS = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'x-frame-options': 'DENY',
  'cross-origin-opener-policy': 'same-origin',
  'permissions-policy': 'camera=(), geolocation=(), microphone=()',
} as const;

/** For answers that are no page: nothing in them may run, whatever a browser takes them for. */
const DATA_POLICY = "default-src 'none'; frame-ancestors 'none'";

/** How long a browser may remember a preflight: Chromium's own upper limit. */
const PREFLIGHT_SECONDS = 7200;

/** How long a browser that was here by https asks by https only: whoever sits in between cannot talk it down. */
const HTTPS_SECONDS = 365 * 24 * 3600;

/** The policy of our own pages: what is on them comes with them; `styleHash` is the one style element's SHA-256. */
export function pagePolicy(styleHash: string): string {
  return [
    "default-src 'none'",
    `style-src 'sha256-${styleHash}'`,
    "img-src 'self' data:",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}

/** Adds the hooks: security headers everywhere; CORS on /api for the origins listed, which may use bearer keys only. */
export function secureHeaders(app: App, settings: { corsOrigins: readonly string[]; publicUrl: string }): void {
  const allowed = new Set(settings.corsOrigins);
  const secure = settings.publicUrl.startsWith('https:');
  app.addHook('onRequest', async (request, reply) => {
    reply.headers(SECURITY_HEADERS);
    reply.header('content-security-policy', DATA_POLICY);
    if (secure) reply.header('strict-transport-security', `max-age=${HTTPS_SECONDS}`);
    if (!request.url.startsWith('/api')) return;
    // Answers about people stay out of shared and disk caches.
    reply.header('cache-control', 'no-store');
    reply.header('vary', 'Origin');
    const origin = request.headers.origin;
    const mayRead = origin !== undefined && allowed.has(origin);
    if (mayRead) {
      reply.header('access-control-allow-origin', origin);
      reply.header('access-control-expose-headers', 'Retry-After, Content-Disposition');
    }
    if (request.method === 'OPTIONS' && origin !== undefined) {
      if (mayRead) {
        reply.header('access-control-allow-methods', 'GET, HEAD, POST, PUT, PATCH, DELETE');
        reply.header('access-control-allow-headers', 'Authorization, Content-Type, Last-Event-ID');
        reply.header('access-control-max-age', String(PREFLIGHT_SECONDS));
      }
      return reply.code(204).send();
    }
    return undefined;
  });
}
