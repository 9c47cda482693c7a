/** One event as one line for people. */
import type { EventType, Json } from '../core/vocabulary.ts';
import type { FeedEvent } from '../live/events.ts';
import { columns, pad, printable, type Style, shorten, styled, widthOf } from './terminal.ts';

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

/** Arrival, what, who, where: `14:03:07 ● completed  Priya Raman  JavaScript Basics  8/10  80 %  passed  quizapi`, fitted to the terminal's width. */
export function eventLine(
  { event, test }: Pick<FeedEvent, 'event' | 'test'>,
  stream: NodeJS.WriteStream = process.stdout,
  width = widthOf(stream),
): string {
  const look = LOOKS[event.type] ?? { mark: '·', word: event.type, style: 'dim' as const };
  const time = localTime(event.receivedAt);
  const learner = printable(event.learner?.name ?? event.learner?.identities[0]?.externalId ?? '–');
  const activity = printable(event.activity?.title ?? event.activity?.externalId ?? '');
  const told = printable([figures(event), ...tags(event, test)].filter((part) => part !== '').join('  '));
  const slug = printable(event.source?.slug ?? '');
  // Narrow terminals do without the source: who, what and how it went say more.
  const sourceWidth = width < 100 ? 0 : SOURCE_WIDTH;
  const left = width - columns(time) - WORD_WIDTH - 6 - (sourceWidth === 0 ? 0 : sourceWidth + 1);
  const learnerWidth = Math.max(8, Math.floor(left * 0.28));
  const activityWidth = Math.max(8, Math.floor(left * 0.36));
  const toldWidth = Math.max(8, left - learnerWidth - activityWidth);
  return [
    styled('dim', time, stream),
    styled(look.style, `${look.mark} ${cell(look.word, WORD_WIDTH)}`, stream),
    cell(learner, learnerWidth),
    cell(activity, activityWidth),
    sourceWidth === 0 ? shorten(told, toldWidth) : cell(told, toldWidth),
    ...(sourceWidth === 0 ? [] : [styled('dim', shorten(slug, sourceWidth), stream)]),
  ]
    .join(' ')
    .trimEnd();
}

const WORD_WIDTH = 12;
const SOURCE_WIDTH = 13;

function cell(text: string, width: number): string {
  return pad(shorten(text, width), width);
}

function figures(event: FeedEvent['event']): string {
  const { attempt, data, previous } = event;
  switch (event.type) {
    case 'question.answered':
      return verdict(fieldOf(data.response, 'correct'), 'right', 'wrong');
    case 'step.started':
    case 'step.completed':
    case 'step.skipped':
      return step(data);
    case 'step.attempted':
      return [step(data), verdict(data.passed, 'passed', 'failed')].filter((part) => part !== '').join('  ');
    case 'attempt.regraded':
      return [percent(previous?.percentage), percent(attempt?.percentage)].filter((part) => part !== '').join(' → ');
    case 'attempt.started':
    case 'attempt.submitted':
      return '';
    default: {
      const score = attempt?.score;
      const max = attempt?.maxScore ?? attempt?.totalQuestions;
      const outcome = attempt?.outcome;
      return [
        pad(percent(attempt?.percentage), 5, 'right'),
        typeof score === 'number' && typeof max === 'number' ? `${score} of ${max}` : '',
        typeof outcome === 'string' ? outcome : '',
      ]
        .filter((part) => part.trim() !== '')
        .join('  ');
    }
  }
}

function verdict(right: unknown, yes: string, no: string): string {
  if (right === true) return `✓ ${yes}`;
  return right === false ? `✗ ${no}` : '';
}

/** Platforms count from 0; people do not. */
function step(data: FeedEvent['event']['data']): string {
  const index = fieldOf(data.step, 'index');
  const total = fieldOf(data.step, 'total');
  if (typeof index !== 'number') return '';
  return typeof total === 'number' ? `${index + 1} of ${total}` : `no. ${index + 1}`;
}

function fieldOf(value: Json | undefined, name: string): unknown {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value[name] : undefined;
}

function tags(event: FeedEvent['event'], test: boolean): string[] {
  return [event.verification === 'token' && event.type === 'attempt.completed' ? 'unverified' : '', test ? 'test' : ''];
}

function percent(value: unknown): string {
  return typeof value === 'number' ? `${Math.round(value)} %` : '';
}

/** When it arrived, which is the order of the feed: the clock for today, else the day. */
function localTime(instant: string): string {
  const at = new Date(instant);
  const clock = at.toTimeString();
  if (at.toDateString() === new Date().toDateString()) return clock.slice(0, 8);
  return `${String(at.getMonth() + 1).padStart(2, '0')}-${String(at.getDate()).padStart(2, '0')} ${clock.slice(0, 5)}`;
}
