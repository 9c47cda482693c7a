/** After how long silence is told, and how long things are kept, with what is lost afterwards. */
import { NumberInput, Radio, Stack } from '@mantine/core';
import { useTranslations } from 'use-intl';
import { Section } from '../../parts/page.tsx';
import type { WorkspaceSettings } from './workspace-tab.tsx';

const KEPT = ['receiptsDays', 'eventsDays', 'deliveriesDays', 'responseBodiesDays'] as const;
const LONGEST_DAYS = 36_500;
const LONGEST_HOURS = 8_760;
/** Offered first to whoever chooses hours: over a day, nights are not silence yet. */
const USUAL_HOURS = 24;

export function KeepingFields(props: { value: WorkspaceSettings; onChange(change: Partial<WorkspaceSettings>): void }) {
  const t = useTranslations('settings.workspace');
  const { value, onChange } = props;
  return (
    <>
      <Section title={t('silence')}>
        <Radio.Group
          label={t('silenceLabel')}
          value={value.silenceHours === null ? 'own' : 'hours'}
          onChange={(chosen) => onChange({ silenceHours: chosen === 'own' ? null : USUAL_HOURS })}
        >
          <Stack gap="sm" mt="sm">
            <Radio value="own" label={t('silenceOwn')} description={t('silenceOwnHint')} />
            <Radio value="hours" label={t('silenceFixed')} description={t('silenceHint')} />
          </Stack>
        </Radio.Group>
        {value.silenceHours !== null && (
          <NumberInput
            mt="sm"
            label={t('silenceHours')}
            min={1}
            max={LONGEST_HOURS}
            allowDecimal={false}
            styles={{ wrapper: { maxWidth: 280 } }}
            value={value.silenceHours}
            onChange={(hours) => typeof hours === 'number' && hours >= 1 && onChange({ silenceHours: hours })}
          />
        )}
      </Section>
      <Section title={t('retention')} note={t('retentionNote')}>
        <Stack gap="md">
          {KEPT.map((name) => (
            <NumberInput
              key={name}
              label={t(`kept.${name}`)}
              description={
                value.retention[name] === null ? t('forEver') : t(`lost.${name}`, { days: value.retention[name] })
              }
              inputWrapperOrder={['label', 'input', 'description']}
              placeholder={t('forEverShort')}
              min={1}
              max={LONGEST_DAYS}
              allowDecimal={false}
              styles={{ wrapper: { maxWidth: 280 } }}
              value={value.retention[name] ?? ''}
              onChange={(days) =>
                onChange({
                  retention: { ...value.retention, [name]: typeof days === 'number' && days >= 1 ? days : null },
                })
              }
            />
          ))}
        </Stack>
      </Section>
    </>
  );
}
