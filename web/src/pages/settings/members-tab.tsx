/** Who may sign in, as what, and invitations that nobody has accepted yet. */
import { Button, Group, Table, Text } from '@mantine/core';
import { KeyRound, Pencil, Trash2, UserPlus } from 'lucide-react';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { $api } from '../../api/hooks.ts';
import type { Item } from '../../api/types.ts';
import { Moment } from '../../parts/figures.tsx';
import { Section } from '../../parts/page.tsx';
import { Shown } from '../../parts/states.tsx';
import { TableRegion } from '../../parts/table-region.tsx';
import { useMe } from '../../shell/session.ts';
import { Invitations } from './invitations.tsx';
import { InviteDialog } from './invite-dialog.tsx';
import { MemberDialog } from './member-dialog.tsx';
import { PasswordLink } from './password-link.tsx';
import { RemoveMember } from './remove-member.tsx';
import { Sees } from './sees.tsx';

export type Member = Item<'/api/v1/members'>;

/** A school has fewer; the API gives no more at once. */
const MOST = 200;

export function MembersTab() {
  const t = useTranslations('settings.members');
  const query = $api.useQuery('get', '/api/v1/members', { params: { query: { limit: MOST } } });
  const [dialog, open] = useState<{ kind: 'invite' } | { kind: 'edit' | 'remove' | 'password'; member: Member } | null>(
    null,
  );
  const close = () => open(null);
  return (
    <>
      <Section
        title={t('title')}
        actions={
          <Button leftSection={<UserPlus size={16} aria-hidden />} onClick={() => open({ kind: 'invite' })}>
            {t('invite')}
          </Button>
        }
      >
        <Shown query={query}>
          {({ data }) => (
            <MembersTable
              members={data}
              onEdit={(member) => open({ kind: 'edit', member })}
              onRemove={(member) => open({ kind: 'remove', member })}
              onPassword={(member) => open({ kind: 'password', member })}
            />
          )}
        </Shown>
      </Section>
      <Invitations />
      {dialog?.kind === 'invite' && <InviteDialog onClose={close} />}
      {dialog?.kind === 'edit' && <MemberDialog member={dialog.member} onClose={close} />}
      {dialog?.kind === 'password' && <PasswordLink member={dialog.member} onClose={close} />}
      {dialog?.kind === 'remove' && <RemoveMember member={dialog.member} onClose={close} />}
    </>
  );
}

function MembersTable(props: {
  members: Member[];
  onEdit(member: Member): void;
  onRemove(member: Member): void;
  onPassword(member: Member): void;
}) {
  const t = useTranslations('settings');
  const me = useMe();
  const admins = props.members.filter(({ role }) => role === 'admin').length;
  return (
    <TableRegion label={t('members.title')}>
      <Table miw={900}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col">{t('members.person')}</Table.Th>
            <Table.Th scope="col">{t('limits.role')}</Table.Th>
            <Table.Th scope="col">{t('limits.sees')}</Table.Th>
            <Table.Th scope="col">{t('members.lastSeen')}</Table.Th>
            <Table.Th scope="col">{t('members.actions')}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {props.members.map((member) => {
            const last = member.role === 'admin' && admins === 1;
            return (
              <Table.Tr key={member.id}>
                <Table.Th scope="row" fw={400}>
                  <Text component="span" fw={600}>
                    {member.name}
                  </Text>
                  {member.id === me.user?.id && (
                    <Text component="span" size="sm" c="dimmed">
                      {' '}
                      {t('members.you')}
                    </Text>
                  )}
                  <Text size="sm" c="dimmed">
                    {member.email}
                  </Text>
                </Table.Th>
                <Table.Td>{t(`role.${member.role}`)}</Table.Td>
                <Table.Td>
                  <Sees role={member.role} learner={member.learner} cohorts={member.cohorts} />
                </Table.Td>
                <Table.Td>
                  {member.lastSeenAt === null ? t('members.never') : <Moment at={member.lastSeenAt} relative />}
                </Table.Td>
                <Table.Td>
                  <Group gap="xs" wrap="nowrap">
                    <Button
                      size="compact-sm"
                      variant="default"
                      leftSection={<Pencil size={14} aria-hidden />}
                      aria-label={t('members.editOf', { name: member.name })}
                      onClick={() => props.onEdit(member)}
                    >
                      {t('members.edit')}
                    </Button>
                    <Button
                      size="compact-sm"
                      variant="default"
                      leftSection={<KeyRound size={14} aria-hidden />}
                      aria-label={t('passwordLink.makeOf', { name: member.name })}
                      onClick={() => props.onPassword(member)}
                    >
                      {t('passwordLink.make')}
                    </Button>
                    {last ? (
                      <Text size="xs" c="dimmed" maw={160}>
                        {t('members.lastAdmin')}
                      </Text>
                    ) : (
                      <Button
                        size="compact-sm"
                        variant="default"
                        leftSection={<Trash2 size={14} aria-hidden />}
                        aria-label={t('members.removeOf', { name: member.name })}
                        onClick={() => props.onRemove(member)}
                      >
                        {t('members.remove')}
                      </Button>
                    )}
                  </Group>
                </Table.Td>
              </Table.Tr>
            );
          })}
        </Table.Tbody>
      </Table>
    </TableRegion>
  );
}
