/** Gives a member another role or other limits; it acts at once. */
import { Button, Group, Stack, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { useTranslations } from 'use-intl';
import { $api } from '../../api/hooks.ts';
import { refresh } from '../../api/refresh.ts';
import { Dialog } from '../../parts/dialog.tsx';
import { Refusal } from '../../parts/refusal.tsx';
import { type Limits, limitsBody, limitsComplete } from './limits.ts';
import { LimitsFields } from './limits-fields.tsx';
import type { Member } from './members-tab.tsx';

const ROLES = ['instructor', 'admin', 'learner'] as const;

export function MemberDialog({ member, onClose }: { member: Member; onClose(): void }) {
  const t = useTranslations('settings');
  const common = useTranslations('common.figure');
  const queries = useQueryClient();
  const [limits, setLimits] = useState<Limits<(typeof ROLES)[number]>>({
    role: member.role,
    learner: member.learner,
    cohorts: member.cohorts === null ? null : member.cohorts.map(({ id }) => id),
  });
  const [tried, setTried] = useState(false);
  const patch = $api.useMutation('patch', '/api/v1/members/{id}');

  function submit(event: FormEvent) {
    event.preventDefault();
    setTried(true);
    if (!limitsComplete(limits)) return;
    patch.mutate(
      { params: { path: { id: member.id } }, body: limitsBody(limits) },
      {
        onSuccess() {
          refresh(queries, '/api/v1/members');
          refresh(queries, '/api/v1/me');
          notifications.show({ message: common('saved'), color: 'green' });
          onClose();
        },
      },
    );
  }

  return (
    <Dialog onClose={onClose} title={t('members.editOf', { name: member.name })} size="lg">
      <form onSubmit={submit} noValidate>
        <Stack gap="md">
          <Refusal error={patch.error} words={{ conflict: t('members.lastAdmin') }} />
          <LimitsFields roles={ROLES} value={limits} onChange={setLimits} tried={tried} />
          <Text size="sm" c="dimmed">
            {t('members.atOnce')}
          </Text>
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {common('cancel')}
            </Button>
            <Button type="submit" loading={patch.isPending}>
              {common('save')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  );
}
