/** Puts people into a class: picked by name, or by a pasted list. */
import { Alert, Button, Group, List, Modal, Stack, Text, Textarea, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useQueryClient } from '@tanstack/react-query';
import { Plus } from 'lucide-react';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { $api } from '../../api/hooks.ts';
import type { Answer } from '../../api/types.ts';
import { Refusal } from '../../parts/refusal.tsx';
import { useLearnerName, usePresenter } from '../../shell/presenter.tsx';

const PAUSE_MS = 200;
const FOUND = 6;

export function AddMembers(props: { opened: boolean; cohort: Answer<'/api/v1/cohorts/{id}'>; onClose(): void }) {
  const t = useTranslations('classes.add');
  const figure = useTranslations('common.figure');
  const queries = useQueryClient();
  const { cohort } = props;
  const [list, setList] = useState('');
  const add = $api.useMutation('post', '/api/v1/cohorts/{id}/members');
  const put = (body: { learners?: string[]; list?: string }) =>
    add.mutate(
      { params: { path: { id: cohort.id } }, body },
      {
        onSuccess: async ({ unknown }) => {
          // What was not found stays, to be put right.
          if (body.list !== undefined) setList(unknown.join('\n'));
          await queries.invalidateQueries();
        },
      },
    );
  return (
    <Modal opened={props.opened} onClose={props.onClose} size="lg" title={t('title', { name: cohort.name })}>
      <Stack gap="md">
        <PickLearner cohort={cohort.id} onPick={(learner) => put({ learners: [learner] })} />
        <Textarea
          label={t('list')}
          description={t('listHelp')}
          autosize
          minRows={4}
          maxRows={12}
          value={list}
          onChange={(event) => setList(event.currentTarget.value)}
        />
        <div role="status">
          {add.data !== undefined && (
            <>
              <Text>{t('result', { added: add.data.added, already: add.data.already })}</Text>
              {add.data.unknown.length > 0 && (
                <Alert color="amber" mt="sm" title={t('unknown', { count: add.data.unknown.length })}>
                  <List size="sm">
                    {add.data.unknown.slice(0, 20).map((line) => (
                      <List.Item key={line}>{line}</List.Item>
                    ))}
                  </List>
                </Alert>
              )}
            </>
          )}
        </div>
        <Refusal error={add.error} />
        <Group justify="flex-end">
          <Button variant="default" onClick={props.onClose}>
            {figure('close')}
          </Button>
          <Button disabled={list.trim() === ''} loading={add.isPending} onClick={() => put({ list })}>
            {t('addList')}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}

function PickLearner(props: { cohort: string; onPick(learner: string): void }) {
  const t = useTranslations('classes.add');
  const nameOf = useLearnerName();
  const { on: presenting } = usePresenter();
  const [text, setText] = useState('');
  const [search] = useDebouncedValue(text.trim(), PAUSE_MS);
  const found = $api.useQuery(
    'get',
    '/api/v1/learners',
    { params: { query: { search, limit: FOUND } } },
    { enabled: search !== '', placeholderData: (previous) => previous },
  );
  return (
    <div>
      <TextInput
        type="search"
        label={t('pick')}
        placeholder={t('pickHint')}
        value={text}
        data-autofocus
        onChange={(event) => setText(event.currentTarget.value)}
      />
      <div role="status">
        {search !== '' && found.data?.data.length === 0 && (
          <Text size="sm" c="dimmed" mt="xs">
            {t('nobody')}
          </Text>
        )}
      </div>
      {search !== '' &&
        found.data?.data
          .filter(({ cohorts }) => !cohorts.includes(props.cohort))
          .map((learner) => (
            <Group key={learner.id} gap="sm" mt="xs" wrap="nowrap">
              <Button
                size="compact-sm"
                variant="default"
                leftSection={<Plus size={14} aria-hidden />}
                onClick={() => props.onPick(learner.id)}
              >
                {t('picked', { name: nameOf(learner) })}
              </Button>
              {!presenting && learner.email !== null && (
                <Text size="sm" c="dimmed" truncate>
                  {learner.email}
                </Text>
              )}
            </Group>
          ))}
    </div>
  );
}
