/** A flag in words: the rule and the facts it rests on. */
import { useFormatter, useTranslations } from 'use-intl';
import type { Item } from '../../api/types.ts';

type Flag = Item<'/api/v1/attention'>;

/** Gives a function from a flag to its sentence. */
export function useRuleSentence(): (flag: Pick<Flag, 'rule' | 'facts'>) => string {
  const t = useTranslations('live.attention.rule');
  const format = useFormatter();
  return ({ rule, facts }) => {
    // Each rule has facts of its own; the union of them is read by name.
    const told = new Map<string, unknown>(Object.entries(facts));
    const number = (name: string) => Number(told.get(name) ?? 0);
    const text = (name: string) => String(told.get(name) ?? '');
    switch (rule) {
      case 'stuck_tries':
        return t('stuck_tries', { tries: number('tries'), step: text('stepTitle') || text('step') });
      case 'stuck_silence':
        return t('stuck_silence', {
          minutes: Math.round(number('minutes')),
          // 0 is told as less than a minute.
          median: number('classMedianMinutes') < 1 ? 0 : Math.round(number('classMedianMinutes')),
        });
      case 'idle':
        return t('idle', { days: Math.floor(number('days')) });
      case 'below_class':
        return t('below_class', {
          mean: format.number(number('mean') / 100, { style: 'percent', maximumFractionDigits: 0 }),
          difference: format.number(number('difference'), { maximumFractionDigits: 0 }),
        });
      case 'abandoned_twice':
        return t('abandoned_twice', { times: number('times') });
      case 'overdue':
        return t('overdue', {
          due: format.dateTime(new Date(text('dueAt')), { dateStyle: 'medium', timeStyle: 'short' }),
        });
      default: {
        const never: never = rule;
        return String(never);
      }
    }
  };
}
