/** Answers and areas of an attempt: statements beside the one about the attempt. */
import type { Fact, Json, JsonObject } from '../../../core/vocabulary.ts';
import { areaOf, questionOf } from './activities.ts';
import { asObject, numberAt, scoreOf, textAt } from './figures.ts';
import type { Activity, Result, Score } from './statement.ts';
import type { Said } from './telling.ts';

/** Answers are a choice or a text; longer than this a text is an essay (`long-fill-in`), as xAPI tells the two apart. */
const LONGEST_FILL_IN = 250;

/** `answered` statements of responses in our vocabulary, or in an event's data. */
export function answersOf(responses: readonly Json[], activity: Activity, withText: boolean): Said[] {
  return responses.flatMap((entry) => {
    const response = asObject(entry);
    const questionId = textAt(response, 'questionId');
    if (response === null || questionId === null) return [];
    const text = withText ? textAt(response, 'text') : null;
    const chosen = Array.isArray(response.selectedAnswerIds)
      ? response.selectedAnswerIds.filter((id) => typeof id === 'string')
      : [];
    const isText = chosen.length === 0 && text !== null;
    const interaction =
      chosen.length > 0 ? 'choice' : !isText ? 'other' : text.length > LONGEST_FILL_IN ? 'long-fill-in' : 'fill-in';
    const said = chosen.length > 0 ? chosen.join('[,]') : text;
    const { correct } = response;
    const score = answerScore(response);
    const result: Result = {
      ...(typeof correct === 'boolean' ? { success: correct } : {}),
      ...(said === null ? {} : { response: said }),
      ...(score === null ? {} : { score }),
    };
    return [{ verb: 'answered', object: questionOf(activity, questionId, interaction), result, parent: activity }];
  });
}

/** The platform's marks where it sends them, else right is 1 and wrong is 0. */
function answerScore(response: JsonObject): Score | null {
  const mark = numberAt(response, 'mark');
  const maxMark = numberAt(response, 'maxMark');
  if (mark !== null && maxMark !== null && maxMark > 0) {
    return scoreOf({ raw: mark, max: maxMark, scaled: mark / maxMark });
  }
  const { correct } = response;
  const scaled = typeof correct === 'boolean' ? Number(correct) : null;
  return scoreOf({ raw: null, max: null, scaled });
}

/** `scored` statements of areas: correct of total. An area without questions says nothing. */
export function areasOf(fact: Fact | null, activity: Activity): Said[] {
  return (fact?.breakdowns ?? []).flatMap(({ kind, name, parent, correct, total }): Said[] => {
    if (total <= 0) return [];
    const score = scoreOf({ raw: correct, max: total, scaled: correct / total });
    const result = score === null ? {} : { score };
    return [{ verb: 'scored', object: areaOf(activity, kind, name, parent), result, parent: activity }];
  });
}
