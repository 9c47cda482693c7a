/** Takes a member's access away, once it is clear what goes. */
import { List } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useTranslations } from 'use-intl';
import { $api } from '../../api/hooks.ts';
import { refresh } from '../../api/refresh.ts';
import { Confirm } from '../../parts/confirm.tsx';
import type { Member } from './members-tab.tsx';

export function RemoveMember({ member, onClose }: { member: Member; onClose(): void }) {
  const t = useTranslations('settings.members');
  const queries = useQueryClient();
  const remove = $api.useMutation('delete', '/api/v1/members/{id}');
  return (
    <Confirm
      title={t('removeTitle', { name: member.name })}
      submit={t('removeSubmit')}
      busy={remove.isPending}
      error={remove.error}
      onClose={onClose}
      onConfirm={() =>
        remove.mutate(
          { params: { path: { id: member.id } } },
          {
            onSuccess() {
              refresh(queries, '/api/v1/members');
              onClose();
            },
          },
        )
      }
    >
      <List>
        <List.Item>{t('removeSessions', { email: member.email })}</List.Item>
        <List.Item>{t('removeAccount')}</List.Item>
        <List.Item>{t('removeKept')}</List.Item>
      </List>
    </Confirm>
  );
}
