/** What to do at the platform, in the platform's own words. */
import { List } from '@mantine/core';
import { useTranslations } from 'use-intl';
import type { Provider } from './providers.ts';

const STEPS = {
  quizapi: ['step1', 'step2', 'step3'],
  testpress: ['step1', 'step2', 'step3'],
  synap: ['step1', 'step2', 'step3'],
  instruqt: ['step1', 'step2', 'step3', 'step4'],
  easygenerator: ['step1', 'step2', 'step3', 'step4'],
  standard: ['step1', 'step2', 'step3'],
} as const satisfies Record<Provider, readonly string[]>;

export function PlatformGuide({ provider }: { provider: Provider }) {
  const t = useTranslations('sources.platform');
  return (
    <List type="ordered" spacing={4}>
      {STEPS[provider].map((step) => (
        <List.Item key={step}>
          {t.rich(`${provider}.${step as 'step1'}`, { b: (chunks) => <strong>{chunks}</strong> })}
        </List.Item>
      ))}
    </List>
  );
}
