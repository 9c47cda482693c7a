/** One go of one learner at one activity, as a platform would tell it: what every platform's play shares. */
import type { Adapter } from '../adapters/adapter.ts';
import type { Provider } from '../core/vocabulary.ts';
import { chanceRight, type Question, type SimulatedActivity } from './activities.ts';
import type { Person } from './people.ts';
import { between, pick, type Random } from './random.ts';

/** One webhook before it is signed. */
export interface PlayedEvent {
  /** When it happens, milliseconds since 1970: the times in the body agree with it. */
  at: number;
  provider: Provider;
  /** The platform's own name of it. */
  event: string;
  learner: Person;
  /** The platform's message id; the same on every retry. */
  messageId: string;
  body: Record<string, unknown>;
}

/**
 * How fast people are. `live`: seconds between two clicks, for someone who watches. `history`: real pauses, and days between
 * sessions, for records that look like weeks of teaching.
 */
export interface Rhythm {
  /** Seconds on a question. */
  question: readonly [number, number];
  /** Seconds on one try of a challenge. */
  challenge: readonly [number, number];
  /** Seconds in a course. */
  course: readonly [number, number];
  /** Seconds until a person has marked what was handed in. */
  marking: readonly [number, number];
  /** Share of quizzes whose single answers are told too. */
  answersTold: number;
}

export const RHYTHMS: Readonly<Record<'live' | 'history', Rhythm>> = {
  live: { question: [4, 14], challenge: [8, 25], course: [40, 120], marking: [30, 120], answersTold: 1 },
  history: {
    question: [12, 75],
    challenge: [120, 780],
    course: [600, 2400],
    marking: [3600, 90_000],
    answersTold: 0.25,
  },
};

/** What a play gets. */
export interface Play {
  adapter: Adapter;
  learner: Person;
  activity: SimulatedActivity;
  /** 0: the first go at this activity. */
  retake: number;
  random: Random;
  rhythm: Rhythm;
  startedAt: number;
  /** Twelve letters and digits that no other play has, whatever the seed: the attempt's id. */
  uniqueId: string;
  /** The same as a number, for platforms that count. */
  uniqueNumber: number;
  /** Numbers its messages, counting on over all plays of the learner. */
  nextMessageId: () => string;
}

/** Everything a platform does in one play, in the order of time. */
export type PlayScript = (play: Play) => Generator<PlayedEvent>;

/** Milliseconds that this learner takes for something that takes others `range` seconds. */
export function pause(play: Play, range: readonly [number, number]): number {
  return Math.round(between(play.random, range[0], range[1]) * play.learner.pace * 1000);
}

/** Each retake finds the learner a little better: about one wrong answer in ten less. */
export function abilityNow(play: Play): number {
  return Math.min(0.98, play.learner.ability + 0.07 * play.retake);
}

/** Answers as questions of that difficulty get them from this learner. */
export function answer(play: Play, question: Question): { selected: string; correct: boolean } {
  const correct =
    play.random() < chanceRight(abilityNow(play), question.difficulty, question.sharpness, question.answers.length);
  const selected = correct
    ? question.right
    : pick(
        play.random,
        question.answers.filter((a) => a !== question.right),
      );
  return { selected, correct };
}

/** The adapter's own example of the event with what this play knows better laid over it. */
export function played(
  play: Play,
  event: string,
  at: number,
  known: Record<string, unknown>,
  about: { attemptId?: string; index?: number; total?: number } = {},
): PlayedEvent {
  const { adapter, learner, activity } = play;
  const example = adapter.example({
    event,
    learner: { externalId: learner.ids[adapter.provider], name: learner.name, email: learner.email },
    activity: { externalId: activity.externalId, title: activity.title },
    attemptId: about.attemptId ?? play.uniqueId,
    startedAt: play.startedAt,
    at,
    ability: abilityNow(play),
    random: play.random,
    index: about.index ?? 0,
    total: about.total ?? Math.max(activity.questions.length, activity.challenges.length, 1),
  });
  return {
    at,
    provider: adapter.provider,
    event,
    learner,
    messageId: play.nextMessageId(),
    body: overlay(example, known),
  };
}

/** `known` laid over `base`: objects are merged key by key, everything else is replaced. */
function overlay(base: Record<string, unknown>, known: Record<string, unknown>): Record<string, unknown> {
  const merged: Record<string, unknown> = { ...base };
  for (const [key, value] of Object.entries(known)) {
    const below = merged[key];
    merged[key] = isObject(below) && isObject(value) ? overlay(below, value) : value;
  }
  return merged;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
