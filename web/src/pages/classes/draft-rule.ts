/** A rule while it is being written: every field of every kind, some still empty. */
import type { Condition, Rule } from './rule-words.ts';

export const CONDITION_KINDS = ['attribute', 'parameter', 'invite', 'activity'] as const;
export type ConditionKind = (typeof CONDITION_KINDS)[number];

export interface DraftCondition {
  kind: ConditionKind;
  name: string;
  value: string;
  provider: string;
  activity: string;
}

export const EMPTY_CONDITION: DraftCondition = { kind: 'attribute', name: '', value: '', provider: '', activity: '' };

const PROVIDERS = ['quizapi', 'testpress', 'synap', 'instruqt', 'easygenerator', 'standard'] as const;

export function draftOf(rule: Rule): DraftCondition[] {
  return rule.any.map((condition) => ({ ...EMPTY_CONDITION, ...condition }));
}

/** The rule that the draft says; null while a field that it needs is empty. */
export function ruleOf(draft: readonly DraftCondition[]): Rule | null {
  const any: Condition[] = [];
  for (const { kind, name, value, provider, activity } of draft) {
    if (kind === 'activity') {
      if (activity === '') return null;
      any.push({ kind, activity });
    } else if (value.trim() === '' || (kind !== 'invite' && name.trim() === '')) {
      return null;
    } else if (kind === 'invite') {
      any.push({ kind, value: value.trim() });
    } else {
      const only = PROVIDERS.find((one) => one === provider);
      any.push({ kind, name: name.trim(), value: value.trim(), ...(only === undefined ? {} : { provider: only }) });
    }
  }
  return any.length === 0 ? null : { any };
}
