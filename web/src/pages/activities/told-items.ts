/** What people tell of questions: texts, choices, keys, topics. PUT replaces all of it, so what is changed is put into the rest. */
import type { ActivityItem } from './item-sort.ts';

export interface ToldItem {
  questionId: string;
  text: string | null;
  choices: { answerId: string; text: string | null; correct: boolean | null }[];
  topics: string[];
}

/** What is known of the questions, without figures; questions of which nothing is known are left out. */
export function toldOf(items: readonly ActivityItem[]): ToldItem[] {
  return items
    .map(({ questionId, text, choices, topics }) => ({
      questionId,
      text,
      topics,
      choices: choices
        .filter((choice) => choice.text !== null || choice.correct !== null)
        .map(({ answerId, text: choiceText, correct }) => ({ answerId, text: choiceText, correct })),
    }))
    .filter((item) => item.text !== null || item.topics.length > 0 || item.choices.length > 0);
}

/** `known` with `changed` in the place of the same questions, new ones at the end. */
export function withChanged(known: readonly ToldItem[], changed: readonly ToldItem[]): ToldItem[] {
  const anew = new Map(changed.map((item) => [item.questionId, item]));
  const kept = known.map((item) => anew.get(item.questionId) ?? item);
  const there = new Set(known.map((item) => item.questionId));
  return [...kept, ...changed.filter((item) => !there.has(item.questionId))];
}
