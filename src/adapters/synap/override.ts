/** attemptOverride.created: a person changed a result, or reverted such a change. It names the attempt and what changed. */
import { type Fact, type Figures, fact, type JsonObject } from '../../core/vocabulary.ts';
import { extras } from '../extras.ts';
import * as read from '../read.ts';
import { ATTEMPT_REALM, learnerOf } from './portal.ts';

/** Figures that can be overridden. Score and points are the same figure of ours; the others are kept beside the attempt. */
export const OVERRIDDEN = ['score', 'points', 'credits', 'penalties'] as const;

export function overrideFact(body: read.Fields, receivedAt: number): Fact {
  const attempt = read.fieldsOf(body.attempt) ?? read.NO_FIELDS;
  const meta = read.fieldsOf(body.meta) ?? read.NO_FIELDS;
  const attemptId = read.id(attempt.id ?? body.attemptId, 'attempt.id');
  const sentAt = read.instant(meta.timestamp, 'meta.timestamp');
  const changed: JsonObject = {};
  const newValues: Partial<Record<(typeof OVERRIDDEN)[number], number>> = {};
  for (const name of OVERRIDDEN) {
    const pair = read.fieldsOf(body[name]);
    if (pair === null) continue;
    const oldValue = read.figure(pair.oldValue, `${name}.oldValue`);
    const newValue = read.figure(pair.newValue, `${name}.newValue`);
    changed[name] = { oldValue, newValue };
    if (newValue !== null) newValues[name] = newValue;
  }
  if (Object.keys(changed).length === 0) {
    throw new read.Unreadable('The override names no score, points, credits or penalties with an old and a new value.');
  }
  const score = newValues.score ?? newValues.points;
  const changes: Partial<Figures> = score === undefined ? {} : { score };
  return fact({
    key: read.factKey('attempt.regraded', attemptId, sentAt, read.digest(changed)),
    type: 'attempt.regraded',
    at: sentAt ?? read.arrival(receivedAt),
    order: sentAt === null ? 'received' : 'occurred',
    learner: learnerOf(body),
    attempt: { by: 'named', realm: ATTEMPT_REALM, externalId: attemptId },
    changes,
    platform: {},
    data: { platformEvent: 'attemptOverride.created', override: changed, ...extras(body, KNOWN) },
  });
}

const KNOWN: readonly string[] = ['user', 'portal', 'meta', 'attempt', ...OVERRIDDEN];
