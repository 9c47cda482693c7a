/** What all statements of one event share, and how one of them is made. */
import type { Fact } from '../../../core/vocabulary.ts';
import type { EventObject } from '../../../live/events.ts';
import { activityOf, groupingOf } from './activities.ts';
import { actorOf, ourselves } from './actor.ts';
import type { Mapping } from './config.ts';
import { textAt } from './figures.ts';
import type { Activity, Agent, Context, Result, Statement, StatementRef } from './statement.ts';
import { registrationOf, statementId } from './statement-id.ts';
import { VERBS, type VerbName } from './vocabulary.ts';

/** The parts of an event that decide about ids and results: events told before are known only so far. */
export type ToldEvent = Pick<EventObject, 'id' | 'type' | 'attempt' | 'data'>;

export interface Telling {
  event: EventObject;
  /** What the event's webhook meant; null where that is not known. */
  fact: Fact | null;
  mapping: Mapping;
  activity: Activity;
  actor: Agent;
  context: Context;
}

export function tellingOf(
  event: EventObject & { activity: NonNullable<EventObject['activity']> },
  record: { fact: Fact | null; sourceName: string | null },
  { test, ...mapping }: Mapping & { test: boolean },
): Telling {
  const attemptId = textAt(event.attempt, 'id');
  const platform = record.sourceName ?? event.source?.slug ?? null;
  const grouping = groupingOf(record.fact, mapping);
  const extensions = {
    // How far the webhook was proved: readers of the LRS mark what anybody could have sent.
    ...(event.verification === null ? {} : { [extension(mapping, 'verification')]: event.verification }),
    ...(test || event.attempt?.test === true ? { [extension(mapping, 'test')]: true } : {}),
  };
  return {
    event,
    fact: record.fact,
    mapping,
    activity: activityOf(event.activity, mapping),
    actor: actorOf(event, mapping),
    context: {
      ...(attemptId === null ? {} : { registration: registrationOf(attemptId) }),
      ...(platform === null ? {} : { platform }),
      ...(grouping === null ? {} : { contextActivities: { grouping: [grouping] } }),
      ...(Object.keys(extensions).length === 0 ? {} : { extensions }),
    },
  };
}

export interface Said {
  verb: VerbName;
  object: Activity;
  result?: Result | null;
  parent?: Activity;
  extensions?: Context['extensions'];
}

/** One statement of the event. */
export function say(telling: Telling, { verb, object, result, parent, extensions }: Said): Statement {
  const { event, mapping, context } = telling;
  const activities = { ...context.contextActivities, ...(parent === undefined ? {} : { parent: [parent] }) };
  const further = { ...context.extensions, ...extensions };
  return {
    id: statementId(event.id, VERBS[verb], object.id, mapping.revision),
    actor: telling.actor,
    verb: verbOf(verb),
    object,
    ...(result === undefined || result === null || Object.keys(result).length === 0 ? {} : { result }),
    context: {
      ...context,
      ...(Object.keys(activities).length === 0 ? {} : { contextActivities: activities }),
      ...(Object.keys(further).length === 0 ? {} : { extensions: further }),
    },
    timestamp: event.occurredAt,
  };
}

/** Takes a statement back. By ourselves, not by the learner; `platform` is for statements about activities only. */
export function takeBack({ event, mapping, context }: Telling, id: string): Statement {
  const object: StatementRef = { objectType: 'StatementRef', id };
  return {
    id: statementId(event.id, VERBS.voided, id, mapping.revision),
    actor: ourselves(mapping),
    verb: verbOf('voided'),
    object,
    ...(context.registration === undefined ? {} : { context: { registration: context.registration } }),
    timestamp: event.occurredAt,
  };
}

export function extension(mapping: Mapping, name: string): string {
  return `${mapping.publicUrl}/xapi/extensions/${name}`;
}

function verbOf(verb: VerbName): Statement['verb'] {
  return { id: VERBS[verb], display: { en: verb } };
}
