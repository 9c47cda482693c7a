/** What stands at no address, and what does not take this method. */
import { GradewireError } from '../core/errors.ts';
import type { App } from './context.ts';
import { sendError } from './error-handler.ts';
import type { WebFiles } from './web-files.ts';

/** Adds the handler: what the dashboard has there, else 404, or 405 with Allow where the address takes other methods. */
export function notFound(app: App, web: WebFiles | null): void {
  const methods = new Map<string, { pattern: RegExp; methods: Set<string> }>();
  app.addHook('onRoute', (route) => {
    const known = methods.get(route.url) ?? { pattern: patternOf(route.url), methods: new Set<string>() };
    for (const method of [route.method].flat()) known.methods.add(method);
    methods.set(route.url, known);
  });
  app.setNotFoundHandler((request, reply) => {
    const path = request.url.split('?', 1)[0] ?? '';
    const allow = [...methods.values()]
      .filter((known) => known.pattern.test(path))
      .flatMap((known) => [...known.methods]);
    if (allow.length === 0) return web?.answer(request, reply) ?? sendError(reply, new GradewireError('not_found'));
    reply.header('allow', [...new Set(allow)].sort().join(', '));
    return sendError(
      reply,
      new GradewireError(
        'method_not_allowed',
        `This address does not take ${request.method}. It takes ${allow.join(', ')}.`,
      ),
    );
  });
}

/** `/api/v1/keys/:id` → /^\/api\/v1\/keys\/[^/]+$/ */
function patternOf(url: string): RegExp {
  const parts = url
    .split('/')
    .map((part) => (part.startsWith(':') ? '[^/]+' : part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')));
  return new RegExp(`^${parts.join('/')}$`);
}
