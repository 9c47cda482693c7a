/** Only events of one platform, class, activity, outcome or proof. */
import { NativeSelect, SimpleGrid, Text } from '@mantine/core';
import { useTranslations } from 'use-intl';
import { useAllCohorts } from '../../api/cohorts.ts';
import { ActivityPicker } from '../../parts/activity-picker.tsx';
import { PROVIDERS } from '../sources/providers.ts';
import type { FormFields } from './endpoint-form.tsx';

const VERIFICATIONS = ['signature', 'signature_partial', 'basic', 'token'] as const;

export function FilterFields({ draft, change, errorOf }: FormFields) {
  const t = useTranslations('endpoints.filter');
  const provider = useTranslations('common.provider');
  const attempt = useTranslations('common.attempt');
  const proof = useTranslations('sources.proof');
  const classes = useAllCohorts();
  const set = (part: Partial<typeof draft.filter>) => change({ filter: { ...draft.filter, ...part } });
  const select = (
    name: 'provider' | 'cohort' | 'outcome' | 'verification',
    data: { value: string; label: string }[],
  ) => (
    <NativeSelect
      label={t(name)}
      value={draft.filter[name]}
      onChange={(event) => set({ [name]: event.currentTarget.value })}
      data={[{ value: '', label: t(`any.${name}`) }, ...data]}
      error={errorOf(`filter/${name}`)}
    />
  );
  return (
    <>
      <Text size="sm" c="dimmed" mb="sm">
        {t('hint')}
      </Text>
      <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="sm">
        {select(
          'provider',
          PROVIDERS.map((name) => ({ value: name, label: provider(name) })),
        )}
        {select(
          'cohort',
          (classes.data?.data ?? []).map(({ id, name }) => ({ value: id, label: name })),
        )}
        <ActivityPicker
          value={draft.filter.activity}
          onChange={(activity) => set({ activity })}
          placeholder={t('any.activity')}
          clear={t('clear')}
          error={errorOf('filter/activity')}
        />
        {select('outcome', [
          { value: 'passed', label: attempt('passed') },
          { value: 'failed', label: attempt('failed') },
        ])}
        {select(
          'verification',
          VERIFICATIONS.map((name) => ({ value: name, label: proof(name) })),
        )}
      </SimpleGrid>
    </>
  );
}
