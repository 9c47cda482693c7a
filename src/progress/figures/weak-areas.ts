/** Which areas a learner is weak in, after ../shared/learning.md, "Weak area". */
import { wilsonInterval } from './wilson.ts';

/** Answers of one learner in one area. */
export interface AreaCounts {
  /** subject, topic, subtopic, difficulty, skill, module, exam; `activity` where the platform sends no areas. */
  kind: string;
  name: string;
  /** The area it lies in, where the platform tells. */
  parent: string | null;
  wrong: number;
  /** Right, wrong and partly right ones. */
  total: number;
  /** Counted apart: in no rate. */
  unanswered: number;
  /** Share of wrong answers of the learner's cohort in this area, 0..1; null where there is no cohort to compare with. */
  cohortRate: number | null;
}

export type AreaStatus = 'weak' | 'unclear' | 'strong' | 'insufficient';

export interface WeakArea {
  kind: string;
  name: string;
  parent: string | null;
  incorrect: number;
  total: number;
  unanswered: number;
  /** incorrect / total, 0..1. */
  rate: number;
  lowerBound: number;
  upperBound: number;
  /** What the interval is compared with, and whose rate that is. */
  baseline: number;
  baselineOf: 'cohort' | 'learner';
  status: AreaStatus;
}

/** Fewer answers say nothing about an area: one slip would make it weak. */
const FEWEST_ANSWERS = 5;

/**
 * Judges areas against the cohort's share of wrong answers there, else the learner's own overall share (`ownRate`, 0..1),
 * and ranks them by the lower end of the interval, worst first. Areas without an answer are left out.
 */
export function weakAreas(areas: readonly AreaCounts[], ownRate: number): WeakArea[] {
  return areas
    .flatMap((area) => judge(area, ownRate))
    .sort(
      (a, b) =>
        b.lowerBound - a.lowerBound || b.total - a.total || compareText(a.kind, b.kind) || compareText(a.name, b.name),
    );
}

function judge(area: AreaCounts, ownRate: number): WeakArea[] {
  const interval = wilsonInterval(area.wrong, area.total);
  if (interval === null) return [];
  const baseline = area.cohortRate ?? ownRate;
  return [
    {
      kind: area.kind,
      name: area.name,
      parent: area.parent,
      incorrect: area.wrong,
      total: area.total,
      unanswered: area.unanswered,
      rate: area.wrong / area.total,
      lowerBound: interval.lower,
      upperBound: interval.upper,
      baseline,
      baselineOf: area.cohortRate === null ? 'learner' : 'cohort',
      status: statusOf(area.total, interval.lower, interval.upper, baseline),
    },
  ];
}

function statusOf(total: number, lower: number, upper: number, baseline: number): AreaStatus {
  if (total < FEWEST_ANSWERS) return 'insufficient';
  if (lower > baseline) return 'weak';
  return upper < baseline ? 'strong' : 'unclear';
}

/** By code units, whatever the language. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
