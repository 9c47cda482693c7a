/** Erases a person everywhere, after saying what is lost; then shows what was. */
import { Alert, Anchor, Button, Group, List, Modal, Stack, Table, Text, TextInput } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { TriangleAlert } from 'lucide-react';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { $api } from '../../api/hooks.ts';
import type { Answer } from '../../api/types.ts';
import { Count } from '../../parts/figures.tsx';
import { Refusal } from '../../parts/refusal.tsx';
import { useLearnerName } from '../../shell/presenter.tsx';

type Report = Answer<'/api/v1/learners/{id}', 'delete'>;

export function EraseDialog(props: { learner: Answer<'/api/v1/learners/{id}'>; onClose(): void }) {
  const t = useTranslations('learners.erase');
  const figure = useTranslations('common.figure');
  const nameOf = useLearnerName();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const { learner } = props;
  const name = nameOf(learner);
  const [typed, setTyped] = useState('');
  const all = $api.useQuery('get', '/api/v1/learners', { params: { query: { search: learner.id, limit: 1 } } });
  const erase = $api.useMutation('delete', '/api/v1/learners/{id}');
  const leave = async () => {
    await navigate({ to: '/learners' });
    // Everything may have shown a part of the person; what was asked of this one alone is not asked again.
    queries.removeQueries({ predicate: ({ queryKey }) => JSON.stringify(queryKey).includes(learner.id) });
    await queries.invalidateQueries();
  };
  if (erase.data !== undefined) {
    return (
      <Modal opened onClose={() => void leave()} returnFocus={false} title={t('done', { name })}>
        <ErasureReport report={erase.data} />
        <Group justify="flex-end" mt="md">
          <Button onClick={() => void leave()}>{t('toLearners')}</Button>
        </Group>
      </Modal>
    );
  }
  return (
    <Modal opened onClose={props.onClose} returnFocus={false} title={t('title', { name })} size="lg">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (typed.trim() === name) erase.mutate({ params: { path: { id: learner.id } } });
        }}
      >
        <Stack gap="md">
          <Alert color="red" variant="light" icon={<TriangleAlert size={18} aria-hidden />} title={t('what', { name })}>
            <List size="sm">
              <List.Item>{t('attempts', { count: all.data?.data[0]?.attemptsCompleted ?? 0 })}</List.Item>
              <List.Item>{t('identities', { count: learner.identities.length })}</List.Item>
              <List.Item>{t('webhooks')}</List.Item>
              <List.Item>{t('figures')}</List.Item>
            </List>
          </Alert>
          <Text size="sm">{t('kept')}</Text>
          <Anchor size="sm" href={`/api/v1/learners/${learner.id}/export`} download>
            {t('exportFirst')}
          </Anchor>
          <TextInput
            label={t('type', { name })}
            value={typed}
            autoComplete="off"
            data-autofocus
            onChange={(event) => setTyped(event.currentTarget.value)}
          />
          <Refusal error={erase.error} />
          <Group justify="flex-end">
            <Button variant="default" onClick={props.onClose}>
              {figure('cancel')}
            </Button>
            <Button type="submit" color="red" disabled={typed.trim() !== name} loading={erase.isPending}>
              {t('erase')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}

function ErasureReport({ report: { erased, tombstones, endpoints } }: { report: Report }) {
  const t = useTranslations('learners.erase');
  const rows = [
    [t('rAttempts'), erased.attempts],
    [t('rIdentities'), erased.identities],
    [t('rEvents'), erased.events],
    [t('rReceipts'), erased.receipts],
    [t('rRejections'), erased.rejections],
    [t('rCohorts'), erased.cohorts],
    [t('rKeys'), erased.keys],
    [t('rOther'), erased.other],
    [t('rTombstones'), tombstones],
  ] as const;
  return (
    <>
      <Table aria-label={t('report')}>
        <Table.Tbody>
          {rows.map(([label, count]) => (
            <Table.Tr key={label}>
              <Table.Th scope="row" fw={400}>
                {label}
              </Table.Th>
              <Table.Td ta="right">
                <Count value={count} />
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      {endpoints.length > 0 && <Text mt="sm">{t('rEndpoints', { count: endpoints.length })}</Text>}
    </>
  );
}
