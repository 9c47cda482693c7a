/** The parts of an attempt in the generic source's shape. What is no part of that shape is left out. */
import {
  type Breakdown,
  type BreakdownKind,
  type Certificate,
  type Fact,
  type FactType,
  type Figures,
  fact,
  type Outcome,
  type Response,
  type StepRef,
} from '../../core/vocabulary.ts';
import * as read from '../read.ts';

const BREAKDOWN_KINDS: readonly BreakdownKind[] = [
  'subject',
  'topic',
  'subtopic',
  'difficulty',
  'skill',
  'module',
  'exam',
];

export function figuresOf(attempt: read.Fields): Figures | null {
  const score = read.figure(attempt.score, 'data.attempt.score');
  const maxScore = read.figure(attempt.maxScore, 'data.attempt.maxScore');
  return read.told({
    score,
    maxScore,
    percentage: read.percentage(attempt.percentage, 'data.attempt.percentage') ?? read.share(score, maxScore),
    correctCount: read.count(attempt.correctCount, 'data.attempt.correctCount'),
    incorrectCount: read.count(attempt.incorrectCount, 'data.attempt.incorrectCount'),
    partialCount: read.count(attempt.partialCount, 'data.attempt.partialCount'),
    unansweredCount: read.count(attempt.unansweredCount, 'data.attempt.unansweredCount'),
    totalQuestions: read.count(attempt.totalQuestions, 'data.attempt.totalQuestions'),
    timeSpentSeconds: attempt.timeKind === 'wall_clock' ? null : read.seconds(attempt.timeSpentSeconds),
    outcome: outcomeOf(attempt.outcome),
  });
}

function outcomeOf(value: unknown): Outcome | null {
  return value === 'passed' || value === 'failed' ? value : null;
}

export function responsesOf(value: unknown): Response[] | null {
  const list = read.objectsOf(value).flatMap((fields) => {
    const questionId = read.optionalId(fields.questionId, 'questionId');
    if (questionId === null) return [];
    return [
      {
        questionId,
        selectedAnswerIds: read.choices(fields.selectedAnswerIds ?? fields.selectedAnswerId),
        text: read.text(fields.text, 4000),
        correct: read.flag(fields.correct),
        mark: read.amount(fields.mark),
        maxMark: read.amount(fields.maxMark),
      },
    ];
  });
  return list.length === 0 ? null : list;
}

export function breakdownsOf(value: unknown): Breakdown[] | null {
  const list = read.objectsOf(value).flatMap((fields) => {
    const kind = BREAKDOWN_KINDS.find((known) => known === fields.kind);
    const name = read.text(fields.name);
    const correct = read.looseCount(fields.correct ?? 0);
    const incorrect = read.looseCount(fields.incorrect ?? 0);
    const partial = read.looseCount(fields.partial ?? 0);
    const unanswered = read.looseCount(fields.unanswered ?? 0);
    if (kind === undefined || name === null) return [];
    if (correct === null || incorrect === null || partial === null || unanswered === null) return [];
    const total = read.looseCount(fields.total) ?? correct + incorrect + partial + unanswered;
    const parent = read.text(fields.parent);
    return [{ kind, name, parent, correct, incorrect, partial, unanswered, total, score: read.amount(fields.score) }];
  });
  return list.length === 0 ? null : list;
}

export function certificateOf(value: unknown): Certificate | null {
  const fields = read.fieldsOf(value);
  const url = read.webUrl(fields?.url);
  return url === null ? null : { url, pdfPath: read.text(fields?.pdfPath, 1000) };
}

export function stepOf(value: unknown): StepRef | null {
  const fields = read.fieldsOf(value);
  const externalId = read.optionalId(fields?.externalId ?? fields?.id, 'step.externalId');
  if (externalId === null) return null;
  return { externalId, index: read.looseCount(fields?.index), total: read.looseCount(fields?.total) };
}

/** An attempt's list of steps, as facts beside the fact that brought it: a start and an end of each. */
export function stepFacts(value: unknown, of: Fact): Fact[] {
  return read.objectsOf(value).flatMap((fields) => {
    const step = stepOf(fields);
    if (step === null) return [];
    const state = fields.state;
    const startedAt = read.instant(fields.startedAt, 'steps.startedAt');
    const completedAt = read.instant(fields.completedAt, 'steps.completedAt');
    const make = (type: FactType, at: Fact['at']): Fact =>
      fact({
        key: read.factKey(type, of.key, step.externalId, step.index === null ? null : String(step.index), at),
        type,
        at,
        learner: of.learner,
        activity: of.activity,
        attempt: of.attempt,
        step,
        test: of.test,
        data: { step: { ...step } },
      });
    const facts: Fact[] = [];
    if (state !== 'skipped') facts.push(make('step.started', startedAt ?? completedAt ?? of.at));
    if (state === 'completed') facts.push(make('step.completed', completedAt ?? of.at));
    return facts;
  });
}
