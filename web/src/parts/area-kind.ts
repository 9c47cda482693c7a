/** Kinds of areas in words; a platform may name others, which are shown as it says them. */
import { useTranslations } from 'use-intl';

const KINDS = ['subject', 'topic', 'subtopic', 'difficulty', 'skill', 'module', 'exam', 'activity'] as const;

export function useAreaKind(): (kind: string) => string {
  const t = useTranslations('learners.weak.kind');
  return (kind) => {
    const known = KINDS.find((one) => one === kind);
    return known === undefined ? kind : t(known);
  };
}
