/** Weak areas over many learners. */
import { publicId } from '../../core/ids.ts';
import type { ActivityKind } from '../../core/vocabulary.ts';
import type { AreaTotals, ClassArea } from '../queries/class/class-area.ts';
import { compareText, type WeakArea, weakAreas } from './weak-areas.ts';

export interface OverviewArea extends Omit<WeakArea, 'baselineOf'> {
  baselineOf: 'overall';
  activity: { id: string; title: string | null; kind: ActivityKind } | null;
  learners: number;
}

/** The answers of all of them. */
export function totalsOf(areas: readonly ClassArea[]): AreaTotals {
  return {
    wrong: areas.reduce((sum, area) => sum + area.wrong, 0),
    total: areas.reduce((sum, area) => sum + area.total, 0),
  };
}

/**
 * Judges areas against the share of wrong answers over `all` of them, worst first. Areas of one kind cut the same answers as those
 * of another; the overall share takes them all, so that each kind weighs by its answers.
 */
export function rankedAreas(areas: readonly ClassArea[], { wrong, total } = totalsOf(areas)): OverviewArea[] {
  const overall = total === 0 ? 0 : wrong / total;
  const judged = areas.flatMap((area) =>
    weakAreas([{ ...area, cohortRate: null }], overall).map((judgement) => ({
      ...judgement,
      baselineOf: 'overall' as const,
      activity:
        area.activityId === null || area.activityKind === null
          ? null
          : { id: publicId('act', area.activityId), title: area.activityTitle, kind: area.activityKind },
      learners: area.learners,
    })),
  );
  return judged.sort(
    (a, b) =>
      b.lowerBound - a.lowerBound ||
      b.total - a.total ||
      compareText(a.name, b.name) ||
      compareText(a.kind, b.kind) ||
      compareText(a.parent ?? '', b.parent ?? ''),
  );
}
