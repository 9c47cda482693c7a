/** A person's name and e-mail, as they stand from now on. */
import { Button, Group, Modal, Stack, Text, TextInput } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { $api } from '../../api/hooks.ts';
import type { Answer } from '../../api/types.ts';
import { Refusal } from '../../parts/refusal.tsx';
import { useLearnerName } from '../../shell/presenter.tsx';

export function EditDialog(props: { learner: Answer<'/api/v1/learners/{id}'>; onClose(): void }) {
  const t = useTranslations('learners.edit');
  const figure = useTranslations('common.figure');
  const nameOf = useLearnerName();
  const queries = useQueryClient();
  const { learner } = props;
  const [name, setName] = useState(learner.name ?? '');
  const [email, setEmail] = useState(learner.email ?? '');
  const patch = $api.useMutation('patch', '/api/v1/learners/{id}');
  const written = (text: string) => (text.trim() === '' ? null : text.trim());
  return (
    <Modal opened onClose={props.onClose} returnFocus={false} title={t('title', { name: nameOf(learner) })}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          // Only what was changed is said: the rest stays the platforms' to change.
          const body = {
            ...(written(name) === learner.name ? {} : { name: written(name) }),
            ...(written(email) === learner.email ? {} : { email: written(email) }),
          };
          if (Object.keys(body).length === 0) return props.onClose();
          patch.mutate(
            { params: { path: { id: learner.id } }, body },
            {
              onSuccess: async () => {
                notifications.show({ message: t('done') });
                props.onClose();
                await queries.invalidateQueries();
              },
            },
          );
        }}
      >
        <Stack gap="md">
          <TextInput
            label={t('name')}
            value={name}
            maxLength={500}
            data-autofocus
            onChange={(event) => setName(event.currentTarget.value)}
          />
          <TextInput
            label={t('email')}
            type="email"
            value={email}
            maxLength={400}
            onChange={(event) => setEmail(event.currentTarget.value)}
          />
          <Text size="sm" c="dimmed">
            {t('help')}
          </Text>
          <Refusal error={patch.error} />
          <Group justify="flex-end">
            <Button variant="default" onClick={props.onClose}>
              {figure('cancel')}
            </Button>
            <Button type="submit" loading={patch.isPending}>
              {figure('save')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
