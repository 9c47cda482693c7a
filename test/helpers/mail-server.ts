/** A real mail server (smtp-server) that keeps what it takes, read as a mail program reads it. */
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';

export interface ReceivedMail {
  from: string;
  /** Of the envelope: who gets it. */
  to: string[];
  /** As it came. */
  raw: string;
  /** Lower-case names; words decoded, one line each. Of a repeated name all values. */
  headers: Map<string, string[]>;
  text: string;
  html: string;
}

export interface MailServer {
  /** For SMTP_URL. */
  url: string;
  mails: ReceivedMail[];
  close(): Promise<void>;
}

export interface MailServerOptions {
  /** Refuses a recipient with this code; null: takes it. */
  refuses?(address: string): number | null;
  /** Wants a user and takes nobody. */
  refusesSignIn?: boolean;
}

export async function startMailServer(options: MailServerOptions = {}): Promise<MailServer> {
  const mails: ReceivedMail[] = [];
  const server = new SMTPServer({
    authOptional: options.refusesSignIn !== true,
    disabledCommands: ['STARTTLS'],
    allowInsecureAuth: true,
    onAuth: (_auth, _session, done) => done(new Error('Nobody is known here.')),
    onRcptTo({ address }, _session, done) {
      const responseCode = options.refuses?.(address) ?? null;
      if (responseCode === null) done();
      else done(Object.assign(new Error('Not this one'), { responseCode }));
    },
    onData(stream, session, done) {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        const { mailFrom, rcptTo } = session.envelope;
        const from = mailFrom === false ? '' : mailFrom.address;
        mails.push({
          from,
          to: rcptTo.map(({ address }) => address),
          ...read(Buffer.concat(chunks).toString('latin1')),
        });
        done();
      });
    },
  });
  const listening = server.listen(0, '127.0.0.1');
  await once(listening, 'listening');
  const user = options.refusesSignIn === true ? 'somebody:secret@' : '';
  return {
    url: `smtp://${user}127.0.0.1:${(listening.address() as AddressInfo).port}?from=${encodeURIComponent('Gradewire <gradewire@school.example>')}`,
    mails,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

function read(raw: string): Pick<ReceivedMail, 'raw' | 'headers' | 'text' | 'html'> {
  const { headers, body } = part(raw);
  const boundary = /boundary="?([^";]+)"?/.exec(headers.get('content-type')?.[0] ?? '')?.[1];
  const parts =
    boundary === undefined
      ? [raw]
      : body
          .split(`--${boundary}`)
          .slice(1, -1)
          .map((one) => one.replace(/^\r\n/, ''));
  const bodyOf = (type: string): string => {
    const found = parts.map(part).find((one) => one.headers.get('content-type')?.[0]?.startsWith(type) === true);
    if (found === undefined) return '';
    const encoding = found.headers.get('content-transfer-encoding')?.[0] ?? '7bit';
    return decode(found.body, encoding).replaceAll('\r\n', '\n');
  };
  return { raw, headers, text: bodyOf('text/plain'), html: bodyOf('text/html') };
}

function part(raw: string): { headers: Map<string, string[]>; body: string } {
  const end = raw.indexOf('\r\n\r\n');
  const headers = new Map<string, string[]>();
  for (const line of raw
    .slice(0, end)
    .replace(/\r\n[ \t]+/g, ' ')
    .split('\r\n')) {
    const colon = line.indexOf(':');
    const name = line.slice(0, colon).toLowerCase();
    headers.set(name, [...(headers.get(name) ?? []), words(line.slice(colon + 1).trim())]);
  }
  return { headers, body: raw.slice(end + 4) };
}

function decode(body: string, encoding: string): string {
  if (encoding === 'base64') return Buffer.from(body, 'base64').toString('utf8');
  if (encoding !== 'quoted-printable') return Buffer.from(body, 'latin1').toString('utf8');
  const bytes = body
    .replace(/=\r\n/g, '')
    .replace(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(bytes, 'latin1').toString('utf8');
}

/** Encoded words of RFC 2047. */
function words(text: string): string {
  return text
    .replace(/\?=\s+=\?/g, '?==?')
    .replace(/=\?utf-8\?([BQ])\?([^?]*)\?=/gi, (_, kind: string, word: string) =>
      decode(
        kind.toUpperCase() === 'Q' ? word.replaceAll('_', ' ') : word,
        kind.toUpperCase() === 'Q' ? 'quoted-printable' : 'base64',
      ),
    );
}
