/** What is said of an attempt: its end, its grade, and how a correction takes the grade before back. */
import type { JsonObject } from '../../../core/vocabulary.ts';
import type { EventRecord } from '../kind.ts';
import { attemptDuration, attemptScore, textAt } from './figures.ts';
import { answersOf, areasOf } from './parts.ts';
import type { Activity, Result, Statement } from './statement.ts';
import { statementId } from './statement-id.ts';
import { type Said, say, type Telling, type ToldEvent, takeBack } from './telling.ts';
import { VERBS } from './vocabulary.ts';

/** attempt.completed: the completion, the outcome where one is known, the areas, the answers. */
export function completed(telling: Telling): Statement[] {
  return [...gradeOf(telling.event, telling.activity), ...partsOf(telling.fact, telling)].map((said) =>
    say(telling, said),
  );
}

/** attempt.regraded: takes back what bore the old grade, and says it anew. */
export function regraded(telling: Telling, earlier: EventRecord['earlier']): Statement[] {
  const { event, activity, fact } = telling;
  const anew = [...gradeOf(event, activity), ...partsOf(fact, telling)];
  return [
    ...takenBack(telling, earlier, { parts: partsOf(fact, telling).length > 0 }),
    ...anew.map((s) => say(telling, s)),
  ];
}

/** attempt.revoked: takes back all that was said of its result. */
export function revoked(telling: Telling, earlier: EventRecord['earlier']): Statement[] {
  return takenBack(telling, earlier, { parts: true });
}

/**
 * The statements of the grade that stood until now; of the parts only where others take their place, and then those of the
 * newest telling that had any: a correction without parts left them standing.
 */
function takenBack(telling: Telling, earlier: EventRecord['earlier'], options: { parts: boolean }): Statement[] {
  const { activity, mapping } = telling;
  const [last] = earlier;
  const grade = last === undefined ? [] : idsOf(last.event, gradeOf(last.event, activity), mapping.revision);
  const bearer = options.parts ? earlier.find(({ fact }) => partsOf(fact, telling).length > 0) : undefined;
  const parts = bearer === undefined ? [] : idsOf(bearer.event, partsOf(bearer.fact, telling), mapping.revision);
  return [...new Set([...grade, ...parts])].map((id) => takeBack(telling, id));
}

function idsOf(event: ToldEvent, said: readonly Said[], revision: number): string[] {
  return said.map(({ verb, object }) => statementId(event.id, VERBS[verb], object.id, revision));
}

/** A pure function of the event, so that the ids of an earlier one's statements can be found again. */
function gradeOf({ type, attempt }: ToldEvent, activity: Activity): Said[] {
  const score = attemptScore(attempt);
  const said: Said[] = [
    {
      verb: 'completed',
      object: activity,
      result: { completion: true, ...attemptDuration(attempt), ...(score === null ? {} : { score }) },
    },
  ];
  const outcome = textAt(attempt, 'outcome');
  if (outcome === 'passed' || outcome === 'failed') {
    said.push({ verb: outcome, object: activity, result: outcomeResult(outcome === 'passed', attempt) });
  }
  if (type === 'attempt.regraded') {
    said.push({ verb: 'scored', object: activity, result: score === null ? {} : { score } });
  }
  return said;
}

function outcomeResult(success: boolean, attempt: JsonObject | null): Result {
  const scaled = attemptScore(attempt)?.scaled;
  return { success, ...(scaled === undefined ? {} : { score: { scaled } }) };
}

/** Free text of an answer may name its writer, so only those who get everything get it. */
function partsOf(fact: Telling['fact'], { activity, mapping }: Telling): Said[] {
  const responses = (fact?.responses ?? []).map((response) => ({ ...response }));
  return [...areasOf(fact, activity), ...answersOf(responses, activity, mapping.personalData === 'full')];
}
