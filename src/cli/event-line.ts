/** One event as one line for people. */
import type { EventType } from '../core/vocabulary.ts';
import type { FeedEvent } from '../live/events.ts';
import { columns, fit, pad, printable, styled, widthOf, type Style } from './terminal.ts';

interface Look {
  mark: string;
  word: string;
  style: Style;
}

/** Marks and words of the usual types; others show their own name. Never by colour alone. */
const LOOKS: Partial<Record<EventType, Look>> = {
  'attempt.started': { mark: '▸', word: 'started', style: 'cyan' },
  'attempt.submitted': { mark: '▪', word: 'submitted', style: 'cyan' },
  'attempt.completed': { mark: '●', word: 'completed', style: 'green' },
  'attempt.abandoned': { mark: '○', word: 'abandoned', style: 'yellow' },
  'attempt.stopped': { mark: '○', word: 'stopped', style: 'yellow' },
  'attempt.regraded': { mark: '±', word: 'regraded', style: 'cyan' },
  'attempt.revoked': { mark: '×', word: 'revoked', style: 'red' },
  'question.answered': { mark: '·', word: 'answered', style: 'dim' },
  'step.started': { mark: '·', word: 'step begun', style: 'dim' },
  'step.attempted': { mark: '·', word: 'step tried', style: 'dim' },
  'step.completed': { mark: '✓', word: 'step done', style: 'dim' },
  'step.skipped': { mark: '»', word: 'step skipped', style: 'yellow' },
  'certificate.issued': { mark: '★', word: 'certificate', style: 'green' },
};

/** `14:03:07 ● completed  Priya Raman  JavaScript Basics  8/10  80 %  passed  quizapi`, fitted to the terminal's width. */
export function eventLine({ event, test }: FeedEvent, stream: NodeJS.WriteStream = process.stdout): string {
  const look = LOOKS[event.type] ?? { mark: '·', word: event.type, style: 'dim' as const };
  const time = localTime(event.occurredAt);
  const learner = printable(event.learner?.name ?? event.learner?.identities[0]?.externalId ?? '–');
  const activity = printable(event.activity?.title ?? event.activity?.externalId ?? '');
  const told = printable([figures(event), ...tags(event, test)].filter((part) => part !== '').join('  '));
  const source = printable(event.source?.slug ?? '');
  const wordWidth = 12;
  // What is left beside the fixed columns goes to learner, activity and figures: 2, 3 and 3 parts of 8.
  const source_ = fit(source, 14);
  const left = widthOf(stream) - columns(time) - wordWidth - columns(source_) - 10;
  const share = Math.max(8, Math.floor(left / 8));
  return [
    styled('dim', time, stream),
    styled(look.style, `${look.mark} ${pad(fit(look.word, wordWidth), wordWidth)}`, stream),
    pad(fit(learner, 2 * share), 2 * share),
    pad(fit(activity, 3 * share), 3 * share),
    pad(fit(told, 3 * share), 3 * share),
    styled('dim', source_, stream),
  ]
    .join(' ')
    .trimEnd();
}

function figures(event: FeedEvent['event']): string {
  const { attempt, data, previous } = event;
  switch (event.type) {
    case 'question.answered':
      return data['correct'] === true ? '✓ right' : data['correct'] === false ? '✗ wrong' : '';
    case 'step.attempted':
      return data['completed'] === true || data['passed'] === true ? '✓ passed' : data['completed'] === false ? '✗ failed' : '';
    case 'attempt.regraded':
      return [percent(previous?.percentage), percent(attempt?.['percentage'])].filter((part) => part !== '').join(' → ');
    case 'attempt.started':
    case 'attempt.submitted':
      return '';
    default: {
      const score = attempt?.['score'];
      const max = attempt?.['maxScore'] ?? attempt?.['totalQuestions'];
      const outcome = attempt?.['outcome'];
      return [
        percent(attempt?.['percentage']),
        typeof score === 'number' && typeof max === 'number' ? `${score} of ${max}` : '',
        typeof outcome === 'string' ? outcome : '',
      ]
        .filter((part) => part !== '')
        .join('  ');
    }
  }
}

function tags(event: FeedEvent['event'], test: boolean): string[] {
  return [event.verification === 'token' && event.type === 'attempt.completed' ? 'unverified' : '', test ? 'test' : ''];
}

function percent(value: unknown): string {
  return typeof value === 'number' ? `${Math.round(value)} %` : '';
}

function localTime(instant: string): string {
  const at = new Date(instant);
  const clock = at.toTimeString().slice(0, 8);
  // Older than a day: the date says more than the seconds.
  return Date.now() - at.getTime() < 86_400_000 ? clock : `${at.toISOString().slice(5, 10)} ${clock.slice(0, 5)}`.slice(0, 11);
}
