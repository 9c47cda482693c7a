/** The choices of a question as rows of fields. */
import { ActionIcon, Button, Checkbox, Text, TextInput } from '@mantine/core';
import { Plus, X } from 'lucide-react';
import { useTranslations } from 'use-intl';
import classes from './choice-fields.module.css';

export interface DraftChoice {
  /** Names the row as long as the form is open. */
  key: number;
  answerId: string;
  text: string;
  correct: boolean;
  /** Its id came from answers, so it stays. */
  fixed: boolean;
}

export function ChoiceFields(props: { choices: DraftChoice[]; onChange(choices: DraftChoice[]): void }) {
  const t = useTranslations('activities.tell');
  const { choices, onChange } = props;
  const change = (key: number, part: Partial<DraftChoice>) =>
    onChange(choices.map((choice) => (choice.key === key ? { ...choice, ...part } : choice)));
  return (
    <fieldset className={classes.choices}>
      <legend>
        <Text fw={500} size="sm">
          {t('choices')}
        </Text>
        <Text size="xs" c="dimmed">
          {t('keyHelp')}
        </Text>
      </legend>
      {choices.map((choice, index) => {
        const number = index + 1;
        return (
          <div key={choice.key} className={classes.row}>
            <TextInput
              aria-label={t('answerId', { number })}
              placeholder={t('head.id')}
              readOnly={choice.fixed}
              variant={choice.fixed ? 'filled' : 'default'}
              classNames={{ input: 'gw-mono' }}
              maxLength={1_000}
              value={choice.answerId}
              onChange={(event) => change(choice.key, { answerId: event.currentTarget.value })}
            />
            <TextInput
              aria-label={t('answerText', { number })}
              placeholder={t('head.text')}
              maxLength={2_000}
              value={choice.text}
              onChange={(event) => change(choice.key, { text: event.currentTarget.value })}
            />
            <Checkbox
              label={t('head.correct')}
              aria-label={t('correct', { number })}
              checked={choice.correct}
              onChange={(event) => change(choice.key, { correct: event.currentTarget.checked })}
            />
            {!choice.fixed && (
              <ActionIcon
                variant="subtle"
                color="gray"
                aria-label={t('removeChoice', { number })}
                onClick={() => onChange(choices.filter(({ key }) => key !== choice.key))}
              >
                <X size={16} aria-hidden />
              </ActionIcon>
            )}
          </div>
        );
      })}
      <Button
        size="xs"
        variant="default"
        mt="xs"
        disabled={choices.length >= 100}
        leftSection={<Plus size={14} aria-hidden />}
        onClick={() => {
          const key = Math.max(-1, ...choices.map((choice) => choice.key)) + 1;
          onChange([...choices, { key, answerId: '', text: '', correct: false, fixed: false }]);
        }}
      >
        {t('addChoice')}
      </Button>
    </fieldset>
  );
}
