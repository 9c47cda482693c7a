/**
 * The dashboard's files, as Vite built them (web/dist): hashed ones under /assets are cached for good, the rest is asked for
 * again each time; any other address of a page is the page itself, whose router knows it.
 */
import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { App } from './context.ts';

/** In index.html, wherever the page needs the nonce of its style elements. */
const NONCE = '__CSP_NONCE__';
/** What is no page, whatever a browser asks for: programs must be told that they mistyped an address. */
const NO_PAGE = /^\/(?:api|webhooks|assets)(?:\/|$)/;

export interface WebFiles {
  /** The page with a nonce of its own; null when the dashboard is not built. */
  page(reply: FastifyReply): FastifyReply | null;
  /** Answers with the file or the page at this address; null when nothing of the dashboard stands there. */
  answer(request: FastifyRequest, reply: FastifyReply): FastifyReply | null;
}

/** Serves what stands in `folder`; built or built anew while the server runs, it is served from then on. */
export function webFiles(app: App, folder: string): WebFiles {
  const index = path.join(folder, 'index.html');
  app.register(fastifyStatic, {
    root: folder,
    serve: false,
    preCompressed: true,
    dotfiles: 'ignore',
    index: false,
    suppressWarning: true,
  });
  let built: { at: number; html: string; files: ReadonlySet<string> } | null = null;

  function load(): typeof built {
    const at = statSync(index, { throwIfNoEntry: false })?.mtimeMs;
    if (at === undefined) return null;
    if (built?.at !== at) built = { at, html: readFileSync(index, 'utf8'), files: filesIn(folder) };
    return built;
  }

  function page(reply: FastifyReply): FastifyReply | null {
    const now = load();
    if (now === null) return null;
    const nonce = randomBytes(16).toString('base64');
    return reply
      .header('content-security-policy', appPolicy(nonce))
      .header('cache-control', 'no-store')
      .type('text/html; charset=utf-8')
      .send(now.html.replaceAll(NONCE, nonce));
  }

  return {
    page,
    answer(request, reply) {
      if (request.method !== 'GET' && request.method !== 'HEAD') return null;
      const at = request.url.split('?', 1)[0] ?? '';
      if (load()?.files.has(at) === true) {
        const hashed = at.startsWith('/assets/');
        return reply.sendFile(at.slice(1), {
          cacheControl: true,
          maxAge: hashed ? '1y' : 0,
          immutable: hashed,
        });
      }
      if (NO_PAGE.test(at) || !/text\/html/.test(request.headers.accept ?? '')) return null;
      return page(reply);
    },
  };
}

/** Addresses of the files, without what Vite notes for itself and without the page, which needs its nonce. */
function filesIn(folder: string): ReadonlySet<string> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return new Set(
    files
      .map((file) => `/${path.relative(folder, path.join(file.parentPath, file.name)).replaceAll(path.sep, '/')}`)
      .filter((at) => at !== '/index.html' && !at.includes('/.') && !/\.(?:br|gz|map)$/.test(at)),
  );
}

/** Scripts and styles only from here; style elements that a script makes bear the nonce; nobody frames it. */
function appPolicy(nonce: string): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self' 'nonce-${nonce}'`,
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "manifest-src 'self'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; ');
}
