/** What an activity is called on screen, where the platform may tell no title. */
import { useTranslations } from 'use-intl';
import type { Item } from '../api/types.ts';

type Kind = Item<'/api/v1/activities'>['kind'];

/** Ids that platforms count or roll the dice for; others (`linux-troubleshooting`) are names that people gave. */
const MADE_BY_MACHINE = /^(?:[0-9a-f-]{16,}|\d+)$/i;

/** Gives a function: the title, else the platform's id where it reads like a name, else "Untitled course (12fb2)". */
export function useActivityName(): (activity: { title: string | null; kind: Kind; externalId?: string }) => string {
  const t = useTranslations('common');
  return ({ title, kind, externalId }) => {
    if (title !== null) return title;
    const named = t('untitled', { kind: t(`activityKind.${kind}`) });
    if (externalId === undefined) return named;
    return MADE_BY_MACHINE.test(externalId) ? `${named} (${externalId.slice(-5)})` : externalId;
  };
}
