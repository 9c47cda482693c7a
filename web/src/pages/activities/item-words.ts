/** How well a question separates, in words. */

/** Below this many answers a discrimination says nothing yet (../../shared/learning.md). */
export const ENOUGH_ANSWERS = 30;

/** Bounds as Moodle's report of question statistics words them (docs.moodle.org, Quiz statistics report), hardly below 20. */
export function separationWord(discrimination: number): 'very' | 'well' | 'weak' | 'hardly' | 'wrong' {
  if (discrimination < 0) return 'wrong';
  if (discrimination < 20) return 'hardly';
  if (discrimination < 30) return 'weak';
  return discrimination < 50 ? 'well' : 'very';
}
