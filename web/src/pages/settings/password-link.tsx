/** A link by which a member sets a new password, for servers that send no mail. */
import { Button, Group, Stack, Text } from '@mantine/core';
import { useFormatter, useTranslations } from 'use-intl';
import { $api } from '../../api/hooks.ts';
import { Copyable } from '../../parts/copy.tsx';
import { Dialog } from '../../parts/dialog.tsx';
import { Refusal } from '../../parts/refusal.tsx';
import type { Member } from './members-tab.tsx';

export function PasswordLink({ member, onClose }: { member: Member; onClose(): void }) {
  const t = useTranslations('settings.passwordLink');
  const common = useTranslations('common.figure');
  const format = useFormatter();
  const make = $api.useMutation('post', '/api/v1/members/{id}/password-link');
  const made = make.data;
  return (
    <Dialog onClose={onClose} title={t('title', { name: member.name })} size="lg">
      <Stack gap="md">
        <Refusal error={make.error} />
        <Text>{t('text', { email: member.email })}</Text>
        {made !== undefined && (
          <>
            <Copyable text={made.url} label={t('make')} />
            <Text size="sm" c="dimmed" role="status">
              {t('once', {
                until: format.dateTime(new Date(made.expiresAt), { dateStyle: 'medium', timeStyle: 'short' }),
              })}
            </Text>
          </>
        )}
        <Group justify="flex-end">
          <Button variant={made === undefined ? 'default' : 'filled'} onClick={onClose}>
            {common(made === undefined ? 'cancel' : 'close')}
          </Button>
          {made === undefined && (
            <Button loading={make.isPending} onClick={() => make.mutate({ params: { path: { id: member.id } } })}>
              {t('submit')}
            </Button>
          )}
        </Group>
      </Stack>
    </Dialog>
  );
}
