/** A class's rule in words. */
import { useQueries } from '@tanstack/react-query';
import { useTranslations } from 'use-intl';
import { $api } from '../../api/hooks.ts';
import type { Item } from '../../api/types.ts';

export type Rule = NonNullable<Item<'/api/v1/cohorts'>['rule']>;
export type Condition = Rule['any'][number];

/** Gives a function from one of these rules to its words: "Group on Synap is 7b or has an attempt at Loops". */
export function useRuleWords(rules: readonly (Rule | null)[]): (rule: Rule) => string {
  const t = useTranslations('classes.rule');
  const provider = useTranslations('common.provider');
  const named = rules
    .flatMap((rule) => rule?.any ?? [])
    .flatMap((one) => (one.kind === 'activity' ? one.activity : []));
  const activities = useQueries({
    queries: [...new Set(named)].map((id) =>
      $api.queryOptions('get', '/api/v1/activities/{id}', { params: { path: { id } } }, { staleTime: 60_000 }),
    ),
  });
  const words = (condition: Condition): string => {
    switch (condition.kind) {
      case 'attribute':
      case 'parameter': {
        const { kind, name, value } = condition;
        return condition.provider === undefined
          ? t(kind, { name, value })
          : t(`${kind}On`, { name, value, provider: provider(condition.provider) });
      }
      case 'invite':
        return t('invite', { value: condition.value });
      case 'activity': {
        const found = activities.find(({ data }) => data?.id === condition.activity)?.data;
        return t('activity', { title: found?.title ?? condition.activity });
      }
      default: {
        const never: never = condition;
        return String(never);
      }
    }
  };
  return (rule) => rule.any.map(words).join(` ${t('or')} `);
}
