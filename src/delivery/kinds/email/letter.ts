/** One event → a mail: subject, text and the same as a page. Pure; whatever people or platforms wrote stays text in it. */
import type { EventObject } from '../../../live/events.ts';
import { oneLine } from './addresses.ts';
import type { EmailSettings } from './config.ts';
import { escapeHtml, fillIn, type Variables } from './fill-in.ts';
import { type Particulars, particularsOf } from './particulars.ts';
import { de } from './texts/de.ts';
import { en } from './texts/en.ts';
import type { LabelName, Texts } from './texts/texts.ts';

export interface Letter {
  subject: string;
  text: string;
  html: string;
}

export interface LetterOptions {
  settings: Pick<EmailSettings, 'language' | 'timeZone' | 'subject' | 'template'>;
  /** Whom it is to. Learners get their own results; staff get what happened, and to whom. */
  to: 'learner' | 'staff';
  /** Sent to try the endpoint out. */
  test: boolean;
  /** Where it can be looked at, for staff. */
  link: string | null;
  /** For learners. */
  unsubscribeUrl: string | null;
}

/** What stands in the templates of people as `{{name}}`. */
export const VARIABLES = [
  ...['learner', 'activity', 'event', 'result', 'outcome', 'score', 'when', 'duration', 'link', 'note'],
] as const;

const LONGEST_SUBJECT = 200;

/** Whether learners are told of such events. */
export function isForLearners(type: EventObject['type']): boolean {
  return en.toLearner[type] !== undefined;
}

export function letterOf(event: EventObject, options: LetterOptions): Letter {
  const texts = options.settings.language === 'de' ? de : en;
  const particulars = particularsOf(event, texts, options.settings.timeZone);
  const draft = options.to === 'learner' ? toLearner(event, particulars, texts) : toStaff(event, particulars, texts);
  const notes = [
    ...(options.test ? [texts.test] : []),
    ...(isUnverified(event) ? [texts.unverified[options.to === 'learner' ? 'toLearner' : 'toStaff']] : []),
  ];
  const { subject, template } = options.settings;
  const variables: Variables = {
    ...Object.fromEntries(
      VARIABLES.map((name) => [name, name in particulars ? (particulars[name as keyof Particulars] ?? '') : '']),
    ),
    event: texts.events[event.type],
    activity: particulars.activity ?? texts.untitled,
    link: options.link ?? '',
    note: notes.join(' '),
  };
  const body =
    template === null ? { ...draft, notes } : { intro: paragraphs(fillIn(template, variables)), rows: [], notes: [] };
  const link = template === null && options.link !== null ? [[texts.labels.link, options.link] as const] : [];
  const parts: Parts = {
    ...body,
    rows: [...body.rows, ...link],
    why: texts.why[options.to === 'learner' ? 'toLearner' : 'toStaff'],
    unsubscribe: options.unsubscribeUrl === null ? null : [texts.unsubscribe, options.unsubscribeUrl],
    language: options.settings.language,
  };
  const line = oneLine(subject === null ? draft.subject : fillIn(subject, variables));
  return {
    subject: line.length > LONGEST_SUBJECT ? `${line.slice(0, LONGEST_SUBJECT - 1)}…` : line,
    text: asText(parts),
    html: asHtml(parts),
  };
}

interface Draft {
  subject: string;
  intro: string[];
  rows: (readonly [string, string])[];
}

function toLearner(event: EventObject, particulars: Particulars, texts: Texts): Draft {
  const words = texts.toLearner[event.type];
  const title = particulars.activity === null ? texts.untitled : texts.quoted(particulars.activity);
  const shown: LabelName[] =
    event.type === 'certificate.issued'
      ? ['certificate', 'when']
      : event.type === 'attempt.revoked' || event.type === 'attempt.submitted'
        ? ['when']
        : ['result', 'outcome', 'duration', 'when'];
  return {
    subject: words?.subject(particulars.activity ?? texts.untitled) ?? texts.events[event.type],
    intro: [texts.greeting(particulars.learner), words?.lead(title) ?? texts.events[event.type]],
    rows: rowsOf(shown, particulars, texts),
  };
}

const STAFF_ROWS: readonly LabelName[] = [
  ...(['learner', 'found', 'activity', 'step', 'result', 'outcome', 'duration', 'certificate', 'review'] as const),
  ...(['endpoint', 'reason', 'lastReceipt', 'refused', 'source', 'when'] as const),
];

/** No name in the subject: subjects are shown on locked screens. */
function toStaff(event: EventObject, particulars: Particulars, texts: Texts): Draft {
  const what = texts.events[event.type];
  return {
    subject: particulars.activity === null ? what : `${what}: ${particulars.activity}`,
    intro: [`${what}.`],
    rows: rowsOf(STAFF_ROWS, particulars, texts),
  };
}

function rowsOf(names: readonly LabelName[], particulars: Particulars, texts: Texts): (readonly [string, string])[] {
  return names.flatMap((name) => {
    const value = name === 'link' ? null : particulars[name];
    return value === null ? [] : [[texts.labels[name], value] as const];
  });
}

/** Nothing but a secret URL proves it; a person who vouched for it is not in the event. */
function isUnverified({ verification, attempt }: EventObject): boolean {
  return (attempt?.verification ?? verification) === 'token';
}

interface Parts {
  intro: readonly string[];
  rows: readonly (readonly [string, string])[];
  notes: readonly string[];
  why: string;
  unsubscribe: readonly [string, string] | null;
  language: string;
}

function paragraphs(text: string): string[] {
  return text.split(/\r?\n\s*\r?\n/).map((paragraph) => paragraph.trim());
}

function asText({ intro, rows, notes, why, unsubscribe }: Parts): string {
  const blocks = [
    ...intro,
    ...(rows.length === 0 ? [] : [rows.map(([label, value]) => `${label}: ${value}`).join('\n')]),
    ...notes,
    `-- \n${why}${unsubscribe === null ? '' : `\n${unsubscribe[0]}: ${unsubscribe[1]}`}`,
  ];
  return `${blocks.join('\n\n')}\n`;
}

/** Tables and colours that mail programs know; readable in dark ones, because nothing but the lines has a colour. */
function asHtml({ intro, rows, notes, why, unsubscribe, language }: Parts): string {
  const line = (text: string) => `<p>${escapeHtml(text).replace(/\r?\n/g, '<br>')}</p>`;
  const value = (text: string) =>
    /^https?:\/\/[^\s"<>]+$/.test(text) ? `<a href="${escapeHtml(text)}">${escapeHtml(text)}</a>` : escapeHtml(text);
  const cell = 'style="text-align:left;vertical-align:top;padding:4px 16px 4px 0;border-bottom:1px solid #8a94a6"';
  const table =
    rows.length === 0
      ? ''
      : `<table style="border-collapse:collapse">${rows
          .map(
            ([label, text]) =>
              `<tr><th ${cell} scope="row">${escapeHtml(label)}</th><td ${cell}>${value(text)}</td></tr>`,
          )
          .join('')}</table>`;
  const end = unsubscribe === null ? '' : ` <a href="${escapeHtml(unsubscribe[1])}">${escapeHtml(unsubscribe[0])}</a>`;
  return [
    `<!doctype html><html lang="${language}"><head><meta charset="utf-8"><title></title></head>`,
    '<body style="font:16px/1.5 system-ui,sans-serif">',
    ...intro.map(line),
    table,
    ...notes.map((note) => `<p><strong>${escapeHtml(note)}</strong></p>`),
    `<p style="font-size:13px">${escapeHtml(why)}${end}</p>`,
    '</body></html>',
  ].join('\n');
}
