/** Tells of one question by hand: text, topics, choices and which are right. */
import { Button, Group, Modal, Stack, TagsInput, Text, Textarea, TextInput } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { Refusal } from '../../parts/refusal.tsx';
import { useFocusBack } from '../../parts/use-focus-back.ts';
import { ChoiceFields, type DraftChoice } from './choice-fields.tsx';
import type { ActivityItem } from './item-sort.ts';
import { useTellItems } from './use-tell-items.ts';

export function QuestionForm(props: {
  activity: string;
  /** null: a new one. */
  item: ActivityItem | null;
  items: readonly ActivityItem[];
  onClose(): void;
}) {
  const t = useTranslations('activities.tell');
  const common = useTranslations('common.figure');
  const { item, items, onClose } = props;
  useFocusBack();
  const [id, setId] = useState(item?.questionId ?? '');
  const [text, setText] = useState(item?.text ?? '');
  const [topics, setTopics] = useState<string[]>(item?.topics ?? []);
  const [choices, setChoices] = useState<DraftChoice[]>(() => draftOf(item));
  const [problem, setProblem] = useState<string | null>(null);
  const tell = useTellItems(props.activity, () => {
    notifications.show({ message: t('saved'), color: 'green' });
    onClose();
  });

  const send = () => {
    const questionId = id.trim();
    if (questionId === '') return setProblem(t('idNeeded'));
    if (item === null && items.some((other) => other.questionId === questionId)) return setProblem(t('idTaken'));
    const filled = choices.filter((choice) => choice.answerId.trim() !== '');
    const twice = filled.find(
      (choice, index) => filled.findIndex((c) => c.answerId.trim() === choice.answerId.trim()) < index,
    );
    if (twice !== undefined) return setProblem(t('twice', { id: twice.answerId }));
    setProblem(null);
    // Without a right one nothing is said of the key, rather than that all are wrong.
    const keyed = filled.some(({ correct }) => correct);
    tell.mutate([
      {
        questionId,
        text: text.trim() === '' ? null : text.trim(),
        topics,
        choices: filled.map((choice) => ({
          answerId: choice.answerId.trim(),
          text: choice.text.trim() === '' ? null : choice.text.trim(),
          correct: keyed ? choice.correct : null,
        })),
      },
    ]);
  };

  return (
    <Modal
      opened
      onClose={onClose}
      size="xl"
      title={item === null ? t('newTitle') : t('title', { name: item.questionId })}
      returnFocus={false}
      closeButtonProps={{ 'aria-label': common('close') }}
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          send();
        }}
      >
        <Stack gap="md">
          {item === null && (
            <TextInput
              label={t('id')}
              description={t('idHelp')}
              required
              maxLength={1_000}
              value={id}
              error={problem}
              onChange={(event) => setId(event.currentTarget.value)}
            />
          )}
          <Textarea
            label={t('text')}
            autosize
            minRows={2}
            maxRows={10}
            maxLength={10_000}
            data-autofocus={item !== null || undefined}
            value={text}
            onChange={(event) => setText(event.currentTarget.value)}
          />
          <TagsInput
            label={t('topics')}
            description={t('topicsHelp')}
            maxTags={50}
            value={topics}
            onChange={setTopics}
            data={[...new Set(items.flatMap((other) => other.topics))]}
          />
          <ChoiceFields choices={choices} onChange={setChoices} />
          {item !== null && problem !== null && (
            <Text size="sm" c="red" role="alert">
              {problem}
            </Text>
          )}
          <Refusal error={tell.error} />
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {common('cancel')}
            </Button>
            <Button type="submit" loading={tell.isPending}>
              {common('save')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}

function draftOf(item: ActivityItem | null): DraftChoice[] {
  const known = item?.choices ?? [];
  return known.map(({ answerId, text, correct }, key) => ({
    key,
    answerId,
    text: text ?? '',
    correct: correct === true,
    fixed: true,
  }));
}
