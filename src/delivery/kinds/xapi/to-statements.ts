/**
 * One event → its statements, by the table of ../shared/learning.md (docs/decisions/0170-xapi-statements.md). Pure: the same
 * event makes the same statements with the same ids, however often and wherever.
 */
import type { EventObject } from '../../../live/events.ts';
import type { EventRecord } from '../kind.ts';
import { certificateOf, stepOf } from './activities.ts';
import { completed, regraded, revoked } from './attempt-statements.ts';
import type { Mapping } from './config.ts';
import { attemptDuration, numberAt, objectAt, scoreOf, textAt } from './figures.ts';
import { answersOf } from './parts.ts';
import type { Result, Statement } from './statement.ts';
import { statementId } from './statement-id.ts';
import { extension, say, type Telling, takeBack, tellingOf } from './telling.ts';
import { VERBS } from './vocabulary.ts';

export type Mapped = { statements: Statement[] } | { skipped: string };

export interface MappingOptions {
  /** Whether a person stood in the event before it was reduced to what the endpoint may have. */
  aboutSomebody: boolean;
  /** Sent to try something out; the statements say so. */
  test: boolean;
}

/** `event` with the personal data that the endpoint may have. */
export function toStatements(
  event: EventObject,
  record: EventRecord,
  mapping: Mapping,
  { aboutSomebody, test }: MappingOptions,
): Mapped {
  const make = MAKERS[event.type];
  if (make === undefined) return { skipped: `xAPI has no statement for ${event.type}: it tells of no learning.` };
  const { activity } = event;
  if (!aboutSomebody)
    return { skipped: 'It is not known which learner this event is about, and a statement needs one.' };
  if (activity === null)
    return { skipped: 'It is not known which activity this event is about, and a statement needs one.' };
  const telling = tellingOf({ ...event, activity }, record, { ...mapping, test });
  const statements = make(telling, record.earlier);
  if (statements.length === 0) return { skipped: 'What this event tells makes no statement.' };
  // A platform that names one question twice in one webhook: the last counts, as in the record.
  return { statements: [...new Map(statements.map((statement) => [statement.id, statement])).values()] };
}

type Maker = (telling: Telling, earlier: EventRecord['earlier']) => Statement[];

/** What is not here (environment.*, invite.*, our own events, a hand-in that is not marked) is no statement. */
const MAKERS: Partial<Record<EventObject['type'], Maker>> = {
  'attempt.started': (telling) => [say(telling, { verb: 'initialized', object: telling.activity })],
  'attempt.completed': completed,
  'attempt.regraded': regraded,
  'attempt.revoked': revoked,
  'attempt.abandoned': (telling) => [
    say(telling, { verb: 'abandoned', object: telling.activity, result: attemptDuration(telling.event.attempt) }),
  ],
  'attempt.stopped': (telling) => [
    say(telling, { verb: 'terminated', object: telling.activity, result: attemptDuration(telling.event.attempt) }),
  ],
  'question.answered': (telling) => {
    const { responses, response } = telling.event.data;
    const told = Array.isArray(responses) ? responses : response === undefined ? [] : [response];
    return answersOf(told, telling.activity, telling.mapping.personalData === 'full').map((said) => say(telling, said));
  },
  'step.started': (telling) => step(telling, 'initialized'),
  'step.attempted': (telling) => step(telling, 'attempted'),
  'step.completed': (telling) => step(telling, 'completed', { completion: true, success: true }),
  'step.skipped': (telling) => step(telling, 'skipped'),
  'review.created': (telling, earlier) => rated(telling, earlier),
  'review.updated': (telling, earlier) => rated(telling, earlier),
  'certificate.issued': (telling) => [
    say(telling, { verb: 'earned', object: certificateOf(telling.activity), parent: telling.activity }),
  ],
};

/** A challenge of a track. Its duration is told by no platform. */
function step(
  telling: Telling,
  verb: 'initialized' | 'attempted' | 'completed' | 'skipped',
  result?: Result,
): Statement[] {
  const { event, activity, mapping } = telling;
  const externalId = textAt(objectAt(event.data, 'step'), 'externalId');
  if (externalId === null) return [];
  // Instruqt names the step that was skipped to; which lie between it does not say.
  const extensions = event.data.skippedTo === true ? { [extension(mapping, 'skipped-to')]: true } : {};
  return [
    say(telling, { verb, object: stepOf(activity, externalId), result: result ?? null, parent: activity, extensions }),
  ];
}

/** A review, and the one that it changes taken back. Its scale is not told, so it has no maximum. */
function rated(telling: Telling, earlier: EventRecord['earlier']): Statement[] {
  const { event, activity, mapping } = telling;
  const review = objectAt(event.data, 'review') ?? event.data;
  const score = scoreOf({ raw: numberAt(review, 'score'), max: null, scaled: null });
  const text = mapping.personalData === 'full' ? (textAt(review, 'content') ?? textAt(review, 'text')) : null;
  const result: Result = { ...(score === null ? {} : { score }), ...(text === null ? {} : { response: text }) };
  const [before] = earlier;
  return [
    ...(before === undefined
      ? []
      : [takeBack(telling, statementId(before.event.id, VERBS.rated, activity.id, mapping.revision))]),
    say(telling, { verb: 'rated', object: activity, result }),
  ];
}
