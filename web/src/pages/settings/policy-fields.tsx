/** Which attempts count where a learner has several, with what that means. */
import { NativeSelect, Stack } from '@mantine/core';
import { useTranslations } from 'use-intl';
import type { WorkspaceSettings } from './workspace-tab.tsx';

type Attempts = WorkspaceSettings['attempts'];

const POLICIES = ['first', 'last', 'best', 'all'] as const;
const PLACES = ['learner', 'class', 'items'] as const;

export function PolicyFields(props: { value: Attempts; onChange(value: Attempts): void }) {
  const t = useTranslations('settings.workspace');
  const policy = useTranslations('common.policy');
  return (
    <Stack gap="md">
      {PLACES.map((place) => (
        <NativeSelect
          key={place}
          label={t(`policy.${place}`)}
          description={t(`means.${props.value[place]}`)}
          inputWrapperOrder={['label', 'input', 'description']}
          value={props.value[place]}
          onChange={(event) => {
            const chosen = POLICIES.find((name) => name === event.currentTarget.value);
            if (chosen !== undefined) props.onChange({ ...props.value, [place]: chosen });
          }}
          data={POLICIES.map((name) => ({
            value: name,
            label: name === DEFAULTS[place] ? t('usual', { policy: policy(name) }) : policy(name),
          }))}
        />
      ))}
    </Stack>
  );
}

/** The contract's own, which the words for them call usual. */
const DEFAULTS = { learner: 'all', class: 'last', items: 'first' } as const;
