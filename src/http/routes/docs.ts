/** The API in machine-readable form and as a page. */
import { createHash } from 'node:crypto';
import { Type } from 'typebox';
import type { App } from '../context.ts';
import { docsPage } from '../docs/page.ts';
import { PAGE_STYLE } from '../docs/style.ts';
import { pagePolicy } from '../headers.ts';
import { openapiDocument } from '../openapi.ts';

export function docsRoutes(app: App): void {
  const policy = pagePolicy(createHash('sha256').update(PAGE_STYLE).digest('base64'));
  let made: { json: string; page: string } | undefined;
  // Made at the first request and kept: routes do not change while the process runs.
  const make = () => {
    if (made === undefined) {
      const document = openapiDocument(app);
      made = { json: JSON.stringify(document), page: docsPage(document) };
    }
    return made;
  };

  app.get(
    '/openapi.json',
    {
      config: { access: 'public' },
      schema: { tags: ['Operations'], summary: 'This API as OpenAPI 3.1', response: { 200: Type.Unknown() } },
    },
    async (_request, reply) =>
      reply
        .type('application/json; charset=utf-8')
        .serializer((text: string) => text)
        .send(make().json),
  );

  app.get('/docs', { config: { access: 'public' }, schema: { hide: true } }, async (_request, reply) =>
    reply.header('content-security-policy', policy).type('text/html; charset=utf-8').send(make().page),
  );
}
