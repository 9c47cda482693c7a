/** /docs: openapi.json as a page to read, made on the server. No script runs on it; the browser's own search finds all. */
import { type JsonSchema, type OpenapiDocument, type Operation, PLAIN_ANSWER } from '../openapi.ts';
import { curlOf } from './curl.ts';
import { type Html, html, join, prose, raw } from './html.ts';
import { exampleOf, fieldsOf, typeOf } from './schema-text.ts';
import { PAGE_STYLE } from './style.ts';

interface Route {
  method: string;
  path: string;
  operation: Operation;
}

/** The whole page as HTML text. */
export function docsPage(document: OpenapiDocument): string {
  const groups = groupRoutes(document);
  const server = document.servers[0]?.url ?? '';
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Gradewire API</title>
<style>${raw(PAGE_STYLE)}</style>
</head>
<body class="page">
<nav aria-label="Routes">${groups.map(({ name, routes }) => navigation(name, routes))}</nav>
<main>
<h1>Gradewire API</h1>
<p>${prose(document.info.description ?? '')}</p>
<p>Version ${document.info.version}. Machine-readable: <a href="/openapi.json">openapi.json</a>.</p>
<h3 id="credentials">Credentials</h3>
<p>Everything under <code>/api</code> needs an API key in a header; keys are never accepted in a URL. Each route says which roles may call it.</p>
<pre>export GRADEWIRE_KEY=… # the admin key is printed at the first start
curl -H "Authorization: Bearer $GRADEWIRE_KEY" ${server}/api/v1/workspaces</pre>
<h3 id="errors">Errors</h3>
<p>Errors are <code>{"error": "snake_case_code", "message": "A sentence that says what to do."}</code> with the fitting status; <code>invalid_request</code> adds <code>details: [{path, message}]</code>. Where <code>Retry-After</code> stands, wait that many seconds.</p>
${groups.map((group) => section(group, server))}
</main>
</body>
</html>
`.text;
}

interface Group {
  name: string;
  description: string;
  routes: Route[];
}

function groupRoutes(document: OpenapiDocument): Group[] {
  const routes = Object.entries(document.paths).flatMap(([path, operations]) =>
    Object.entries(operations).map(([method, operation]) => ({ method: method.toUpperCase(), path, operation })),
  );
  return document.tags
    .map((tag) => ({ ...tag, routes: routes.filter(({ operation }) => operation.tags?.[0] === tag.name) }))
    .filter((group) => group.routes.length > 0);
}

function navigation(name: string, routes: Route[]): Html {
  return html`<h2>${name}</h2>
<ul>${routes.map(
    ({ method, path, operation }) =>
      html`<li><a href="#${operation.operationId}"><span class="method">${method}</span> ${path.replace(/^\/api(\/v1)?/, '')}</a></li>`,
  )}</ul>`;
}

function section(group: Group, server: string): Html {
  return html`<section>
<h2 id="${group.name.toLowerCase()}">${group.name}</h2>
<p class="soft">${group.description}</p>
${group.routes.map((route) => routeArticle(route, server))}
</section>`;
}

function routeArticle({ method, path, operation }: Route, server: string): Html {
  const body = Object.values(operation.requestBody?.content ?? {})[0]?.schema;
  return html`<article>
<h3 id="${operation.operationId}"><a href="#${operation.operationId}"><span class="method">${method}</span> <code>${path}</code></a></h3>
<p>${prose(operation.summary ?? '')}.</p>
${(operation.description ?? '').split('\n\n').map((part) => (part === '' ? raw('') : html`<p>${prose(part)}</p>`))}
${parameterTable(operation)}
${body === undefined ? raw('') : html`<h4>Body</h4>${fieldTable(body)}`}
${Object.entries(operation.responses)
  .filter(([status]) => status !== 'default')
  .map(([status, answer]) => answerBlock(status, answer))}
<h4>Example</h4>
<pre>${curlOf(server, method, path, operation)}</pre>
</article>`;
}

function parameterTable(operation: Operation): Html {
  const parameters = operation.parameters ?? [];
  if (parameters.length === 0) return raw('');
  return html`<h4>Parameters</h4>
<table><thead><tr><th>Name</th><th>In</th><th>Type</th><th>Meaning</th></tr></thead><tbody>${parameters.map(
    (parameter) =>
      html`<tr><td><code>${parameter.name}</code>${parameter.required === true ? '' : raw(' <span class="soft">optional</span>')}</td><td>${parameter.in}</td><td>${typeOf(parameter.schema ?? {})}</td><td>${prose(parameter.description ?? parameter.schema?.description ?? '')}</td></tr>`,
  )}</tbody></table>`;
}

function fieldTable(schema: JsonSchema): Html {
  const fields = fieldsOf(schema);
  if (fields.length === 0) return html`<p>${typeOf(schema)}</p>`;
  return html`<table><thead><tr><th>Field</th><th>Type</th><th>Meaning</th></tr></thead><tbody>${fields.map(
    (field) =>
      html`<tr><td><code>${field.path}</code>${field.required ? '' : raw(' <span class="soft">optional</span>')}</td><td>${field.type}</td><td>${prose(field.description)}</td></tr>`,
  )}</tbody></table>`;
}

function answerBlock(status: string, answer: Operation['responses'][string]): Html {
  const schema = Object.values(answer.content ?? {})[0]?.schema;
  const title = html`<h4>Answer ${status}</h4>`;
  const described = answer.description === PLAIN_ANSWER ? raw('') : html`<p>${prose(answer.description)}</p>`;
  if (schema === undefined || schema.type === 'null') return join([title, described]);
  if (schema.$ref !== undefined) return join([title, html`<p>${prose(answer.description)}</p>`]);
  return html`${title}${described}
<details><summary>Fields</summary>${fieldTable(schema)}</details>
<details><summary>Shape</summary><pre>${JSON.stringify(exampleOf(schema), null, 2) ?? ''}</pre></details>`;
}
