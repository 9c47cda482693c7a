/** Builds a rule condition by condition, and says at once whom it fits. */
import { ActionIcon, Button, Fieldset, Group, NativeSelect, Stack, Text, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { Plus, Trash2 } from 'lucide-react';
import { useEffect } from 'react';
import { useTranslations } from 'use-intl';
import { $api } from '../../api/hooks.ts';
import { ActivityPicker } from '../../parts/activity-picker.tsx';
import { Refusal } from '../../parts/refusal.tsx';
import { useLearnerName } from '../../shell/presenter.tsx';
import { CONDITION_KINDS, type DraftCondition, EMPTY_CONDITION, ruleOf } from './draft-rule.ts';

const PAUSE_MS = 350;
const MOST_CONDITIONS = 20;
const PLATFORMS = ['synap', 'instruqt', 'testpress', 'quizapi', 'easygenerator', 'standard'] as const;

export function RuleBuilder(props: { draft: DraftCondition[]; onDraft(draft: DraftCondition[]): void }) {
  const t = useTranslations('classes.form');
  const { draft, onDraft } = props;
  const change = (index: number, part: Partial<DraftCondition>) =>
    onDraft(draft.map((condition, one) => (one === index ? { ...condition, ...part } : condition)));
  return (
    <Stack gap="md">
      <Text size="sm" c="dimmed">
        {t('ruleHelp')}
      </Text>
      {draft.map((condition, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: conditions have no other name, and are only changed in place.
        <Fieldset key={index} legend={t('condition', { number: index + 1 })} p="sm">
          <Group align="flex-end" gap="sm">
            <ConditionFields condition={condition} onChange={(part) => change(index, part)} />
            {draft.length > 1 && (
              <ActionIcon
                variant="subtle"
                color="gray"
                size="lg"
                aria-label={t('removeCondition', { number: index + 1 })}
                onClick={() => onDraft(draft.filter((_, one) => one !== index))}
              >
                <Trash2 size={16} aria-hidden />
              </ActionIcon>
            )}
          </Group>
        </Fieldset>
      ))}
      <Group>
        <Button
          size="xs"
          variant="default"
          leftSection={<Plus size={14} aria-hidden />}
          disabled={draft.length >= MOST_CONDITIONS}
          onClick={() => onDraft([...draft, EMPTY_CONDITION])}
        >
          {t('addCondition')}
        </Button>
      </Group>
      <RulePreview draft={draft} />
    </Stack>
  );
}

function ConditionFields(props: { condition: DraftCondition; onChange(part: Partial<DraftCondition>): void }) {
  const t = useTranslations('classes.form');
  const provider = useTranslations('common.provider');
  const { condition, onChange } = props;
  const { kind } = condition;
  return (
    <>
      <NativeSelect
        label={t('kind')}
        value={kind}
        onChange={(event) =>
          onChange({ kind: CONDITION_KINDS.find((one) => one === event.currentTarget.value) ?? 'attribute' })
        }
        data={CONDITION_KINDS.map((one) => ({ value: one, label: t(`kinds.${one}`) }))}
      />
      {kind === 'activity' ? (
        <ActivityPicker
          value={condition.activity}
          onChange={(activity) => onChange({ activity })}
          placeholder={t('chooseActivity')}
        />
      ) : (
        <>
          {kind !== 'invite' && (
            <TextInput
              label={t(kind === 'attribute' ? 'attributeName' : 'parameterName')}
              value={condition.name}
              maxLength={200}
              onChange={(event) => onChange({ name: event.currentTarget.value })}
            />
          )}
          <TextInput
            label={t(kind === 'invite' ? 'invite' : 'value')}
            value={condition.value}
            maxLength={1000}
            onChange={(event) => onChange({ value: event.currentTarget.value })}
          />
          {kind !== 'invite' && (
            <NativeSelect
              label={t('provider')}
              value={condition.provider}
              onChange={(event) => onChange({ provider: event.currentTarget.value })}
              data={[
                { value: '', label: t('anyProvider') },
                ...PLATFORMS.map((one) => ({ value: one, label: provider(one) })),
              ]}
            />
          )}
        </>
      )}
    </>
  );
}

/** How many the rule fits now, and who they are. */
function RulePreview(props: { draft: DraftCondition[] }) {
  const t = useTranslations('classes.form');
  const nameOf = useLearnerName();
  const [settled] = useDebouncedValue(props.draft, PAUSE_MS);
  const preview = $api.useMutation('post', '/api/v1/cohorts/preview');
  const { mutate } = preview;
  const rule = ruleOf(settled);
  const asked = JSON.stringify(rule);
  // biome-ignore lint/correctness/useExhaustiveDependencies: asked again when the rule says something else.
  useEffect(() => {
    if (rule !== null) mutate({ body: { rule } });
  }, [asked, mutate]);
  const found = rule === null ? undefined : preview.data;
  const names = found?.sample.map(nameOf).join(', ') ?? '';
  return (
    <div role="status">
      {rule === null && (
        <Text size="sm" c="dimmed">
          {t('incomplete')}
        </Text>
      )}
      {found !== undefined && (
        <Text size="sm">
          {t('preview', {
            count: found.count,
            names:
              found.count > found.sample.length
                ? t('andMore', { names, count: found.count - found.sample.length })
                : names,
          })}
        </Text>
      )}
      {rule !== null && <Refusal error={preview.error} />}
    </div>
  );
}
