/**
 * Answers as they stand in `attempts.responses`: without the members that are null. Most platforms tell an id and right or
 * wrong; writing the nulls out would double the largest column (docs/decisions/0005-array-per-attempt.md).
 */
import type { Response } from '../core/vocabulary.ts';

export type CompactResponse = Partial<Response> & Pick<Response, 'questionId'>;

/** For writing; null stays null. */
export function compactResponses(responses: readonly Response[] | null): CompactResponse[] | null {
  return (
    responses?.map(({ questionId, selectedAnswerIds, text, correct, mark, maxMark }) => {
      const compact: CompactResponse = { questionId };
      if (selectedAnswerIds.length > 0) compact.selectedAnswerIds = selectedAnswerIds;
      if (text !== null) compact.text = text;
      if (correct !== null) compact.correct = correct;
      if (mark !== null) compact.mark = mark;
      if (maxMark !== null) compact.maxMark = maxMark;
      return compact;
    }) ?? null
  );
}

/** For showing: every member of the contract's shape. */
export function fullResponses(stored: readonly CompactResponse[] | null): Response[] {
  return (stored ?? []).map((response) => ({
    questionId: response.questionId,
    selectedAnswerIds: response.selectedAnswerIds ?? [],
    text: response.text ?? null,
    correct: response.correct ?? null,
    mark: response.mark ?? null,
    maxMark: response.maxMark ?? null,
  }));
}
