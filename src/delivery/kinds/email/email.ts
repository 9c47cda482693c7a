/** Events as mails: a notice to staff, or a confirmation to the learner (docs/decisions/0171-mails.md). */
import type { EventObject } from '../../../live/events.ts';
import type { MailMessage } from '../../../mail/mailer.ts';
import type { Endpoint } from '../../endpoint.ts';
import type { Kind, KindTools, Outcome, Outgoing, Problem, Try } from '../kind.ts';
import { isAddress } from './addresses.ts';
import { emailConfigSchema, emailSettings, isTimeZone } from './config.ts';
import { unknownVariables } from './fill-in.ts';
import { isForLearners, letterOf, VARIABLES } from './letter.ts';
import { smtpFailure } from './smtp-failure.ts';

/** What `to` is for the learner whom the event is about. */
const TO_LEARNER = 'learner';

/** A confirmation that comes days later confuses; and a backfill must not mail a whole school. */
const OLDEST_MS = 24 * 3600 * 1000;

export const email: Kind = {
  name: 'email',
  configSchema: emailConfigSchema,
  secretPaths: [],
  batch: 1,
  check,
  send: (endpoint, deliveries, tools, signal) =>
    Promise.all(deliveries.map((delivery) => sendOne(endpoint, delivery, tools, signal))),
  async preview(endpoint, delivery, tools) {
    const unsubscribeUrl = isToLearner(endpoint) ? `${tools.publicUrl}/unsubscribe/…` : null;
    const { subject, text } = compose(endpoint, delivery, tools.publicUrl, unsubscribeUrl);
    return `Subject: ${subject}\n\n${text}`;
  },
  exampleConfig: { language: 'en', timeZone: 'Europe/Berlin', perLearnerPerHour: 4 },
};

function check(endpoint: Endpoint, tools: Pick<KindTools, 'mailer'>): readonly Problem[] {
  const problems: Problem[] = [];
  if (tools.mailer === null) {
    problems.push({ path: 'kind', message: 'This server sends no mail. Set SMTP_URL, then add the endpoint again.' });
  }
  if (endpoint.to === null || (endpoint.to !== TO_LEARNER && !isAddress(endpoint.to))) {
    problems.push({
      path: 'to',
      message: 'Give one e-mail address, or `learner` for the learner each event is about.',
    });
  }
  const { timeZone, subject, template } = endpoint.config;
  if (typeof timeZone === 'string' && !isTimeZone(timeZone)) {
    problems.push({ path: 'config.timeZone', message: 'Give a time zone by its name, such as Europe/Berlin.' });
  }
  for (const [path, value] of Object.entries({ 'config.subject': subject, 'config.template': template })) {
    const [unknown] = typeof value === 'string' ? unknownVariables(value, VARIABLES) : [];
    if (unknown === undefined) continue;
    problems.push({ path, message: `There is no variable {{${unknown}}}. There are: ${VARIABLES.join(', ')}.` });
  }
  return problems;
}

function isToLearner({ to }: Endpoint): boolean {
  return to === TO_LEARNER;
}

async function sendOne(endpoint: Endpoint, delivery: Outgoing, tools: KindTools, signal: AbortSignal): Promise<Try> {
  const began = tools.now();
  const shown = {
    to: isToLearner(endpoint) ? 'the learner' : (endpoint.to ?? ''),
    'message-id': messageId(delivery, tools),
  };
  const ended = (outcome: Outcome, statusCode: number | null, said: string | null): Try => ({
    outcome,
    statusCode,
    durationMs: Math.max(0, Math.round(tools.now() - began)),
    requestHeaders: shown,
    responseBody: said,
  });
  try {
    const recipient = await recipientOf(endpoint, delivery, tools);
    if (!recipient.ok) return ended({ kind: 'skipped', reason: recipient.reason }, null, null);
    if (tools.mailer === null) {
      return ended(
        { kind: 'failed', error: 'This server sends no mail: set SMTP_URL.', retryAfterSeconds: null },
        null,
        null,
      );
    }
    await orAborted(tools.mailer.send(message(endpoint, delivery, tools, recipient)), signal);
    return ended({ kind: 'delivered' }, 250, null);
  } catch (error) {
    const { outcome, code, said } = smtpFailure(error);
    return ended(outcome, code, said);
  }
}

/** The mailer cannot be interrupted; who waits for it can. The mail may go all the same: a repeat bears the same id. */
async function orAborted(sending: Promise<void>, signal: AbortSignal): Promise<void> {
  let stop = (): void => undefined;
  const aborted = new Promise<never>((_, reject) => {
    stop = () => reject(new Error('The server stopped while the mail was on its way.'));
  });
  if (signal.aborted) stop();
  signal.addEventListener('abort', stop);
  try {
    await Promise.race([sending, aborted]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

type Recipient = { ok: true; address: string; unsubscribeUrl: string | null } | { ok: false; reason: string };

async function recipientOf(endpoint: Endpoint, delivery: Outgoing, tools: KindTools): Promise<Recipient> {
  if (!isToLearner(endpoint)) return { ok: true, address: endpoint.to ?? '', unsubscribeUrl: null };
  const reason = whyNot(delivery, tools.now());
  if (reason !== null) return { ok: false, reason };
  if (tools.learnerMail === undefined) {
    return { ok: false, reason: 'This process cannot tell whether learners may be mailed.' };
  }
  return tools.learnerMail.permit({
    workspace: endpoint.workspace,
    deliveryId: delivery.deliveryId,
    event: delivery.whole.event,
    mostPerHour: emailSettings(endpoint).perLearnerPerHour,
  });
}

/** What needs no look at the learner. */
function whyNot({ whole, test }: Outgoing, now: number): string | null {
  const { attempt, receivedAt } = whole.event;
  if (test || attempt?.test === true) return 'Learners are never mailed for a test.';
  if (!isForLearners(whole.type)) return `Learners are not told of ${whole.type}.`;
  const happened = Math.min(Date.parse(whole.occurredAt), Date.parse(receivedAt));
  if (!(now - happened <= OLDEST_MS))
    return 'The event is older than 24 hours, and learners are told only of what is new.';
  return null;
}

function compose(endpoint: Endpoint, delivery: Outgoing, publicUrl: string, unsubscribeUrl: string | null) {
  const { told, whole, test } = delivery;
  const toLearner = isToLearner(endpoint);
  return letterOf(toLearner ? whole.event : told.event, {
    settings: emailSettings(endpoint),
    to: toLearner ? 'learner' : 'staff',
    test,
    link: toLearner || endpoint.personalData !== 'full' || test ? null : linkOf(told.event, publicUrl),
    unsubscribeUrl,
  });
}

function linkOf({ attempt, learner }: EventObject, publicUrl: string): string | null {
  const base = publicUrl.replace(/\/+$/, '');
  if (typeof attempt?.id === 'string') return `${base}/attempts/${attempt.id}`;
  return learner === null ? null : `${base}/learners/${learner.id}`;
}

function message(
  endpoint: Endpoint,
  delivery: Outgoing,
  tools: KindTools,
  { address, unsubscribeUrl }: { address: string; unsubscribeUrl: string | null },
): MailMessage {
  return {
    to: address,
    ...compose(endpoint, delivery, tools.publicUrl, unsubscribeUrl),
    headers: {
      'Message-ID': messageId(delivery, tools),
      // RFC 3834: no program answers it with a notice of its own.
      'Auto-Submitted': 'auto-generated',
      ...(unsubscribeUrl === null
        ? {}
        : { 'List-Unsubscribe': `<${unsubscribeUrl}>`, 'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click' }),
    },
  };
}

/** The same on every try, so that a mail program shows a repeat once. */
function messageId({ webhookId }: Outgoing, { publicUrl }: Pick<KindTools, 'publicUrl'>): string {
  return `<${webhookId}@${new URL(publicUrl).hostname}>`;
}
