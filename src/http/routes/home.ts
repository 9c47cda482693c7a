/** GET /: the dashboard, or where it is not built a page that says what runs here. */
import { createHash } from 'node:crypto';
import type { App, HttpContext } from '../context.ts';
import { PAGE_STYLE } from '../docs/style.ts';
import { pagePolicy } from '../headers.ts';
import type { WebFiles } from '../web-files.ts';

export function homeRoutes(app: App, context: HttpContext, web: WebFiles | null): void {
  const policy = pagePolicy(createHash('sha256').update(PAGE_STYLE).digest('base64'));
  const page = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Gradewire</title>
<style>${PAGE_STYLE}</style>
</head>
<body>
<main>
<h1>Gradewire runs here</h1>
<p>Version ${context.version}. It takes the webhooks of quiz, exam, lab and course platforms at <code>${context.settings.publicUrl}/webhooks/…</code> and serves what they mean under <code>/api</code>.</p>
<p>The dashboard is ${web === null ? 'served by another process: this one runs without the role <code>api</code>' : 'not built here yet: run <code>npm run web:build</code>, then load this page again'}.</p>
<ul>
<li><a href="/docs">Documentation of the API</a>, or the same as <a href="/openapi.json">openapi.json</a></li>
<li><a href="/readyz">Is it ready?</a> · <a href="/metrics">Metrics</a></li>
</ul>
</main>
</body>
</html>
`;
  app.get(
    '/',
    { config: { access: 'public' }, schema: { hide: true } },
    async (_request, reply) =>
      web?.page(reply) ?? reply.header('content-security-policy', policy).type('text/html; charset=utf-8').send(page),
  );
}
