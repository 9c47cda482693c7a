/** Mail by SMTP_URL. Without it there is no mailer, and whoever would mail says so instead. */
import nodemailer from 'nodemailer';

export interface MailMessage {
  to: string;
  subject: string;
  /** Plain text: nothing in it can be taken for markup. */
  text: string;
  /** The same as a page, where there is one. */
  html?: string;
  /** Further headers. Values are our own or made of one line. */
  headers?: Record<string, string>;
}

export interface Mailer {
  /** Resolves when the mail server has taken the message; rejects with its reason when it has not. */
  send(message: MailMessage): Promise<void>;
  /** Closes idle connections. */
  close(): void;
}

export interface MailSettings {
  /** `smtp://user:password@host:587`; `?from=` names the sender. null: no mail. */
  smtpUrl: string | null;
  /** Where the server is reached: its host makes the sender's address where the URL names none. */
  publicUrl: string;
}

/** A mail server that does not answer must not hold a request for longer. */
const TIMEOUT_MS = 10_000;

/** The mailer of these settings; null when none is set. No connection is made before the first message. */
export function createMailer({ smtpUrl, publicUrl }: MailSettings): Mailer | null {
  if (smtpUrl === null) return null;
  const url = new URL(smtpUrl);
  const from = url.searchParams.get('from') ?? senderOf(url, publicUrl);
  url.searchParams.delete('from');
  const transport = nodemailer.createTransport(
    {
      host: url.hostname.replace(/^\[|\]$/g, ''),
      port: url.port === '' ? (url.protocol === 'smtps:' ? 465 : 587) : Number(url.port),
      secure: url.protocol === 'smtps:',
      ...(url.username === ''
        ? {}
        : { auth: { user: decodeURIComponent(url.username), pass: decodeURIComponent(url.password) } }),
      connectionTimeout: TIMEOUT_MS,
      greetingTimeout: TIMEOUT_MS,
      socketTimeout: TIMEOUT_MS,
      // Messages are made of our own texts; files and URLs of this machine are never part of one.
      disableFileAccess: true,
      disableUrlAccess: true,
    },
    { from },
  );
  return {
    async send(message) {
      await transport.sendMail(message);
    },
    close: () => transport.close(),
  };
}

/** The account's own address where the user name is one, else gradewire@ the public host. */
function senderOf(smtp: URL, publicUrl: string): string {
  const user = decodeURIComponent(smtp.username);
  return user.includes('@') ? `Gradewire <${user}>` : `Gradewire <gradewire@${new URL(publicUrl).hostname}>`;
}
