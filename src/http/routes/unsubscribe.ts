/**
 * Where the link in a mail to a learner leads: no more mails to that address. Opening it only asks, because programs that look
 * at mail open links too; the mail program's own button posts at once (RFC 8058).
 */
import { createHash } from 'node:crypto';
import { mailKey, readUnsubscribeToken, unsubscribe } from '../../delivery/kinds/email/unsubscribe.ts';
import type { App, HttpContext } from '../context.ts';
import { PAGE_STYLE } from '../docs/style.ts';
import { pagePolicy } from '../headers.ts';

const STYLE = `${PAGE_STYLE}
button { font: inherit; padding: .5rem 1rem; border: 1px solid var(--accent); border-radius: 6px; background: var(--accent); color: var(--ground); cursor: pointer; }
button:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
`;

const TEXTS = {
  en: {
    ask: 'No more mails?',
    askText: 'Results will no longer be mailed to the address at which you got this link.',
    button: 'No more mails',
    done: 'No more mails',
    doneText: 'Nothing more will be mailed to this address. Ask your school if you change your mind.',
    unknown: 'This link is not complete',
    unknownText: 'Open it from the mail again, or copy it whole: not a character may be missing.',
  },
  de: {
    ask: 'Keine E-Mails mehr?',
    askText: 'Ergebnisse werden dann nicht mehr an die Adresse geschickt, an der Sie diesen Link erhalten haben.',
    button: 'Keine E-Mails mehr',
    done: 'Keine E-Mails mehr',
    doneText: 'An diese Adresse wird nichts mehr geschickt. Wenn Sie es sich anders überlegen, fragen Sie Ihre Schule.',
    unknown: 'Dieser Link ist nicht vollständig',
    unknownText: 'Öffnen Sie ihn noch einmal aus der E-Mail oder kopieren Sie ihn ganz: Es darf kein Zeichen fehlen.',
  },
} as const;

export function unsubscribeRoutes(app: App, { db, settings }: HttpContext): void {
  const key = mailKey(settings.encryptionKey);
  const policy = pagePolicy(createHash('sha256').update(STYLE).digest('base64')).replace(
    "form-action 'none'",
    "form-action 'self'",
  );

  app.register(async (routes: App) => {
    // What the form and mail programs post says nothing that the address does not say.
    routes.addContentTypeParser(
      ['application/x-www-form-urlencoded', 'multipart/form-data'],
      { parseAs: 'buffer' },
      (_request, _body, done) => done(null, undefined),
    );

    routes.get<{ Params: { token: string } }>(
      '/unsubscribe/:token',
      { config: { access: 'public' }, schema: { hide: true } },
      async (request, reply) => {
        const texts = textsFor(request.headers['accept-language']);
        const known = readUnsubscribeToken(key, request.params.token) !== null;
        const form = `<form method="post"><button type="submit">${texts.button}</button></form>`;
        return reply
          .code(known ? 200 : 404)
          .headers(headers)
          .send(known ? page(texts, texts.ask, texts.askText, form) : page(texts, texts.unknown, texts.unknownText));
      },
    );

    routes.post<{ Params: { token: string } }>(
      '/unsubscribe/:token',
      { config: { access: 'public' }, schema: { hide: true } },
      async (request, reply) => {
        const texts = textsFor(request.headers['accept-language']);
        const address = readUnsubscribeToken(key, request.params.token);
        if (address !== null) await unsubscribe(db, address);
        return reply
          .code(address === null ? 404 : 200)
          .headers(headers)
          .send(
            address === null ? page(texts, texts.unknown, texts.unknownText) : page(texts, texts.done, texts.doneText),
          );
      },
    );
  });

  const headers = {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': policy,
    'cache-control': 'no-store',
    'x-robots-tag': 'noindex',
    vary: 'Accept-Language',
  };
}

/** German where the browser would rather have it than English. */
function textsFor(accepted: string | undefined): (typeof TEXTS)['en' | 'de'] {
  const [first] = (accepted ?? '').toLowerCase().match(/\b(de|en)\b/) ?? [];
  return first === 'de' ? TEXTS.de : TEXTS.en;
}

function page(texts: (typeof TEXTS)['en' | 'de'], head: string, text: string, form = ''): string {
  return `<!doctype html>
<html lang="${texts === TEXTS.de ? 'de' : 'en'}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${head} – Gradewire</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<h1>${head}</h1>
<p>${text}</p>
${form}
</main>
</body>
</html>
`;
}
