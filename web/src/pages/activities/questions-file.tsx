/** Tells of many questions from a CSV: shows what would be saved, and what is wrong in which line, before anything is. */
import { Alert, Button, FileButton, Group, Modal, Stack, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { Download, FileUp } from 'lucide-react';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import type { Activity } from '../../api/types.ts';
import { Refusal } from '../../parts/refusal.tsx';
import { useFocusBack } from '../../parts/use-focus-back.ts';
import { decodeRoster } from '../learners/roster-file.ts';
import type { ActivityItem } from './item-sort.ts';
import { type FileLine, itemsOfLines, itemsTemplate, MOST_QUESTIONS, readItemsFile } from './items-file.ts';
import { QuestionsPreview } from './questions-preview.tsx';
import { useTellItems } from './use-tell-items.ts';

export function QuestionsFile(props: { activity: Activity; items: readonly ActivityItem[]; onClose(): void }) {
  const t = useTranslations('activities.csv');
  const common = useTranslations('common.figure');
  const { activity, items, onClose } = props;
  useFocusBack();
  const [lines, setLines] = useState<FileLine[] | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const tell = useTellItems(activity.id, (count) => {
    notifications.show({ message: t('saved', { count }), color: 'green' });
    onClose();
  });
  const readFile = async (file: File | null) => {
    if (file === null) return;
    setLines(null);
    if (/\.(xlsx?|ods|numbers)$/i.test(file.name)) return setProblem(t('spreadsheet', { name: file.name }));
    const read = readItemsFile(decodeRoster(await file.arrayBuffer()));
    if (typeof read === 'string') return setProblem(t(read));
    const count = itemsOfLines(read).length;
    if (count > MOST_QUESTIONS) return setProblem(t('tooMany', { count, most: MOST_QUESTIONS }));
    setProblem(null);
    setLines(read);
  };
  const bad = lines?.filter((line) => line.problem !== null).length ?? 0;
  const told = lines === null ? [] : itemsOfLines(lines.filter((line) => line.problem === null));
  return (
    <Modal
      opened
      onClose={onClose}
      size="xl"
      title={t('title')}
      returnFocus={false}
      closeButtonProps={{ 'aria-label': common('close') }}
    >
      <Stack gap="md">
        <Text size="sm">{t('what')}</Text>
        <Group>
          <FileButton
            onChange={(file) => void readFile(file)}
            accept=".csv,.tsv,.txt,text/csv,text/plain"
            inputProps={{ 'aria-label': t('choose') }}
          >
            {(button) => (
              <Button {...button} leftSection={<FileUp size={16} aria-hidden />} data-autofocus>
                {t('choose')}
              </Button>
            )}
          </FileButton>
          <Button
            variant="default"
            leftSection={<Download size={16} aria-hidden />}
            onClick={() => saveAs(itemsTemplate(items), `${activity.externalId}-questions.csv`)}
          >
            {t('template')}
          </Button>
          <Text size="sm" c="dimmed">
            {t('templateHelp')}
          </Text>
        </Group>
        {problem !== null && (
          <Alert color="red" role="alert">
            {problem}
          </Alert>
        )}
        {lines !== null && <QuestionsPreview lines={lines} known={items} />}
        {bad > 0 && (
          <Alert color="red" role="alert">
            {t('problems', { count: bad })}
          </Alert>
        )}
        <Refusal error={tell.error} />
        {lines !== null && (
          <Group>
            <Button disabled={bad > 0} loading={tell.isPending} onClick={() => tell.mutate(told)}>
              {t('save', { count: told.length })}
            </Button>
            <Button variant="default" onClick={onClose}>
              {common('cancel')}
            </Button>
          </Group>
        )}
      </Stack>
    </Modal>
  );
}

function saveAs(text: string, name: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: 'text/csv;charset=utf-8' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name.replaceAll(/[^\w.-]+/g, '-');
  link.click();
  URL.revokeObjectURL(url);
}
