/**
 * Synap bodies → facts. The body of an attempt names no event: the ingest URL does, or `meta.eventName` where a body has it
 * (it wins, being the platform's own word). A URL without a name means attempt.completed.
 *
 * An exam fires attempt.* and exam.*: one attempt. Both of `submitted` share a key; a `completed` is told apart by its
 * figures and by the time it was sent, so that a later correction is a fact of its own and an exact re-telling is not.
 */
import type { Instant } from '../../core/time.ts';
import {
  type ActivityRef,
  type AttemptRef,
  type Certificate,
  type Fact,
  fact,
  type Meaning,
  NO_FIGURES,
} from '../../core/vocabulary.ts';
import type { ReceiptContent } from '../adapter.ts';
import { extras } from '../extras.ts';
import * as read from '../read.ts';
import { figuresOf } from './figures.ts';
import { OVERRIDDEN, overrideFact } from './override.ts';
import { ATTEMPT_REALM, learnerOf, portalOf } from './portal.ts';

const STAGES: Readonly<Record<string, 'started' | 'submitted' | 'completed'>> = {
  'attempt.started': 'started',
  'attempt.submitted': 'submitted',
  'attempt.completed': 'completed',
  'exam.started': 'started',
  'exam.submitted': 'submitted',
  'exam.completed': 'completed',
};

const OVERRIDE = 'attemptOverride.created';

/** Fields of `attempt` that are read into figures, times and ids; the others are kept beside it. */
const KNOWN_ATTEMPT = [
  'id',
  'score',
  'scoreFrac',
  'totalAnsweredCorrectly',
  'totalQuestions',
  'totalAnswered',
  'timeStarted',
  'timeCompleted',
  'timeSpentInMs',
  'state',
];

export function meaningOfSynap(content: ReceiptContent): Meaning {
  return read.readable(() => {
    const body = read.bodyFields(content.body);
    const event = eventOf(body, content.eventName);
    if (event === OVERRIDE) return { status: 'facts', facts: [overrideFact(body, content.receivedAt)] };
    const stage = Object.hasOwn(STAGES, event) ? STAGES[event] : undefined;
    if (stage === undefined) return { status: 'unmapped', reason: `No mapping is known for the Synap event ${event}.` };
    return { status: 'facts', facts: attemptFacts(body, event, stage, content.receivedAt) };
  });
}

function eventOf(body: read.Fields, urlName: string | null): string {
  const told = read.text(read.fieldsOf(body.meta)?.eventName);
  if (told !== null && (told === OVERRIDE || Object.hasOwn(STAGES, told))) return told;
  const named = urlName === null || urlName.trim() === '' ? told : read.clean(urlName.trim(), 200);
  if (named !== null) return named;
  // An override sent to a URL without an event name shows itself: its figures are pairs of an old and a new value.
  const looksOverridden = OVERRIDDEN.some((name) => Object.hasOwn(read.fieldsOf(body[name]) ?? {}, 'newValue'));
  return looksOverridden ? OVERRIDE : 'attempt.completed';
}

function attemptFacts(
  body: read.Fields,
  event: string,
  stage: 'started' | 'submitted' | 'completed',
  receivedAt: number,
): Fact[] {
  const attempt = read.fieldsOf(body.attempt) ?? read.NO_FIELDS;
  const state = read.fieldsOf(attempt.state) ?? read.NO_FIELDS;
  const meta = read.fieldsOf(body.meta) ?? read.NO_FIELDS;
  const attemptId = read.id(attempt.id ?? body.id, 'attempt.id');
  const startedAt = read.instant(attempt.timeStarted ?? state.timeStarted ?? body.timeStarted, 'attempt.timeStarted');
  const completedAt = read.instant(
    attempt.timeCompleted ?? state.timeCompleted ?? body.timeCompleted,
    'attempt.timeCompleted',
  );
  const sentAt = read.instant(meta.timestamp, 'meta.timestamp');
  const named: AttemptRef = { by: 'named', realm: ATTEMPT_REALM, externalId: attemptId };
  const about = {
    learner: learnerOf(body),
    activity: activityOf(body, attempt, event),
    attempt: named,
    startedAt,
    platform: platformOf(body, attempt, state),
    data: { platformEvent: event },
  };
  if (stage === 'started') {
    const at = startedAt ?? sentAt ?? read.arrival(receivedAt);
    return [fact({ ...about, key: read.factKey('attempt.started', attemptId), type: 'attempt.started', at })];
  }
  const figures = figuresOf(body, attempt, state);
  const revoked = read.flag(state.isRevoked);
  const facts: Fact[] = [];
  if (stage === 'submitted') {
    // Its score is provisional while people mark, so only what handing in settles is told.
    const settled = {
      ...NO_FIGURES,
      totalQuestions: figures?.totalQuestions ?? null,
      unansweredCount: figures?.unansweredCount ?? null,
      timeSpentSeconds: figures?.timeSpentSeconds ?? null,
    };
    const at = completedAt ?? sentAt ?? read.arrival(receivedAt);
    facts.push(
      fact({
        ...about,
        key: read.factKey('attempt.submitted', attemptId),
        type: 'attempt.submitted',
        at,
        figures: read.told(settled),
      }),
    );
  } else {
    const certificate = certificateOf(body.certificate);
    const at = sentAt ?? completedAt ?? read.arrival(receivedAt);
    const key = read.factKey('attempt.completed', attemptId, sentAt ?? completedAt, read.digest([figures, revoked]));
    facts.push(fact({ ...about, key, type: 'attempt.completed', at, completedAt, figures, certificate, revoked }));
    if (certificate !== null) facts.push(certificateFact(certificate, attemptId, completedAt ?? at, about));
  }
  if (revoked === true) {
    const at = sentAt ?? read.arrival(receivedAt);
    facts.push(
      fact({ ...about, key: read.factKey('attempt.revoked', attemptId, sentAt), type: 'attempt.revoked', at, revoked }),
    );
  }
  return facts;
}

function certificateFact(certificate: Certificate, attemptId: string, at: Instant, about: Partial<Fact>): Fact {
  return fact({
    ...about,
    key: read.factKey('certificate.issued', attemptId, certificate.url),
    type: 'certificate.issued',
    at,
    certificate,
    data: { ...about.data, certificate: { url: certificate.url, pdfPath: certificate.pdfPath } },
  });
}

function activityOf(body: read.Fields, attempt: read.Fields, event: string): ActivityRef | null {
  const test = read.fieldsOf(body.test) ?? read.NO_FIELDS;
  const externalId = read.optionalId(test.id, 'test.id');
  if (externalId === null) return null;
  const isExam = read.flag(attempt.isExam) === true || event.startsWith('exam.') || read.fieldsOf(body.exam) !== null;
  return { realm: portalOf(body), externalId, title: read.text(test.title), kind: isExam ? 'exam' : 'test' };
}

function certificateOf(value: unknown): Certificate | null {
  const fields = read.fieldsOf(value);
  const url = read.webUrl(fields?.url);
  return url === null ? null : { url, pdfPath: read.text(fields?.certificatePdfPath, 1000) };
}

/** Tags, marks, grade and the like, and what we do not know. Tags bear no scores, so they are no breakdowns. */
function platformOf(body: read.Fields, attempt: read.Fields, state: read.Fields): Fact['platform'] {
  const known = [
    'user',
    'portal',
    'meta',
    'certificate',
    'attempt',
    'test',
    'id',
    'score',
    'scoreFrac',
    'timeStarted',
    'timeCompleted',
    'timeSpentInMs',
  ];
  return {
    ...extras(body, known),
    ...extras(attempt, KNOWN_ATTEMPT),
    // It pairs response and question ids, and says nothing of right or wrong.
    state: extras(state, ['timeStarted', 'timeCompleted', 'timeSpentInMs', 'isStarted', 'isRevoked']),
  };
}
