/** A message for Slack's incoming webhooks: `text` for notifications, blocks for the channel. */
import type { EventObject } from '../../../../live/events.ts';
import { flat } from './flat.ts';
import type { Preset } from './preset.ts';

export const slack: Preset = ({ event }) => {
  const text = sentence(event);
  const { percentage, score, max_score: maxScore, outcome } = flat(event);
  const figures = [
    ...(percentage === null ? [] : [`*Result* ${percentage} %`]),
    ...(score === null ? [] : [`*Score* ${score}${maxScore === null ? '' : ` of ${maxScore}`}`]),
    ...(outcome === null ? [] : [`*Outcome* ${outcome}`]),
  ];
  const origin = [event.source?.provider, event.type, event.occurredAt].filter((part) => part != null).join(' · ');
  return {
    body: {
      text,
      blocks: [
        { type: 'section', text: { type: 'mrkdwn', text: [text, ...figures].join('\n') } },
        { type: 'context', elements: [{ type: 'mrkdwn', text: origin }] },
      ],
    },
  };
};

function sentence(event: EventObject): string {
  const who = escaped(event.learner?.name ?? event.learner?.email ?? 'A learner');
  const what = event.activity === null ? '' : ` ${escaped(event.activity.title ?? event.activity.externalId)}`;
  const verb = VERBS[event.type];
  return verb === undefined ? `${event.type}:${what === '' ? ` ${who}` : what}` : `${who} ${verb}${what}.`;
}

const VERBS: Readonly<Record<string, string>> = {
  'attempt.started': 'began',
  'attempt.submitted': 'handed in',
  'attempt.completed': 'completed',
  'attempt.abandoned': 'left unfinished',
  'attempt.stopped': 'stopped',
  'attempt.regraded': 'has a new result in',
  'certificate.issued': 'got a certificate for',
  'invite.claimed': 'took the invitation to',
  'review.created': 'reviewed',
  'learner.needs_attention': 'needs a look:',
};

/** Slack reads these three; a name must not become a link or a mention. Longer texts are refused whole. */
function escaped(text: string): string {
  const short = text.length > 300 ? `${text.slice(0, 300)}…` : text;
  return short.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
