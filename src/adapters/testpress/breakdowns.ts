/** Testpress' tables per subject (a list) and per difficulty (a map keyed by level). What cannot be counted is left out. */
import type { Breakdown, BreakdownKind } from '../../core/vocabulary.ts';
import * as read from '../read.ts';

export function subjectBreakdowns(value: unknown): Breakdown[] {
  const entries = Array.isArray(value) ? read.objectsOf(value) : named(value, 'subject_name');
  // Parents are told by id and names by name; an entry resolves its parent only where entries tell their own ids.
  const nameById = new Map<string, string>();
  for (const entry of entries) {
    const id = idText(entry.subject_id ?? entry.id);
    const name = read.text(entry.subject_name);
    if (id !== null && name !== null) nameById.set(id, name);
  }
  return entries.flatMap((entry) => {
    const parentId = idText(entry.parent_subject_id);
    return breakdown('subject', entry.subject_name, (parentId === null ? null : nameById.get(parentId)) ?? null, entry);
  });
}

export function difficultyBreakdowns(value: unknown): Breakdown[] {
  const entries = Array.isArray(value) ? read.objectsOf(value) : named(value, 'difficulty_level');
  return entries.flatMap((entry) => breakdown('difficulty', entry.difficulty_level, null, entry));
}

/** A map of objects as a list, its keys as the field `name`. */
function named(value: unknown, name: string): read.Fields[] {
  return Object.entries(read.fieldsOf(value) ?? read.NO_FIELDS).flatMap(([key, entry]) => {
    const fields = read.fieldsOf(entry);
    return fields === null ? [] : [{ ...fields, [name]: key }];
  });
}

function idText(value: unknown): string | null {
  return typeof value === 'number' || typeof value === 'string' ? read.text(value) : null;
}

function breakdown(kind: BreakdownKind, name: unknown, parent: string | null, entry: read.Fields): Breakdown[] {
  const title = read.text(name);
  const correct = countOr0(entry.correct_answers_count);
  const incorrect = countOr0(entry.incorrect_answers_count);
  const partial = countOr0(entry.partial_correct_answers_count);
  const unanswered = countOr0(entry.unanswered_count ?? entry.unanswered_answers_count);
  if (title === null || correct === null || incorrect === null || partial === null || unanswered === null) return [];
  const total = read.looseCount(entry.total_count) ?? correct + incorrect + partial + unanswered;
  return [
    { kind, name: title, parent, correct, incorrect, partial, unanswered, total, score: read.amount(entry.score) },
  ];
}

/** null only for what is told and no count. */
function countOr0(value: unknown): number | null {
  return value === undefined || value === null || value === '' ? 0 : read.looseCount(value);
}
