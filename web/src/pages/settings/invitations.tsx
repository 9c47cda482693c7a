/** Invitations that nobody has accepted yet. */
import { Button, Table, Text } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { $api } from '../../api/hooks.ts';
import { refresh } from '../../api/refresh.ts';
import type { Item } from '../../api/types.ts';
import { Confirm } from '../../parts/confirm.tsx';
import { Moment } from '../../parts/figures.tsx';
import { Section } from '../../parts/page.tsx';
import { Shown } from '../../parts/states.tsx';
import { TableRegion } from '../../parts/table-region.tsx';
import { Sees } from './sees.tsx';

type Invitation = Item<'/api/v1/members/invitations'>;
const MOST = 200;

export function Invitations() {
  const t = useTranslations('settings');
  const query = $api.useQuery('get', '/api/v1/members/invitations', { params: { query: { limit: MOST } } });
  const [withdrawing, withdraw] = useState<Invitation | null>(null);
  return (
    <Section title={t('invitations.title')}>
      <Shown query={query} lines={2}>
        {({ data }) =>
          data.length === 0 ? (
            <Text c="dimmed">{t('invitations.none')}</Text>
          ) : (
            <TableRegion label={t('invitations.title')}>
              <Table miw={640}>
                <Table.Thead>
                  <Table.Tr>
                    <Table.Th scope="col">{t('invitations.email')}</Table.Th>
                    <Table.Th scope="col">{t('limits.role')}</Table.Th>
                    <Table.Th scope="col">{t('limits.sees')}</Table.Th>
                    <Table.Th scope="col">{t('invitations.until')}</Table.Th>
                    <Table.Th scope="col">{t('members.actions')}</Table.Th>
                  </Table.Tr>
                </Table.Thead>
                <Table.Tbody>
                  {data.map((invitation) => (
                    <Table.Tr key={invitation.id}>
                      <Table.Th scope="row" fw={400}>
                        {invitation.email}
                      </Table.Th>
                      <Table.Td>{t(`role.${invitation.role}`)}</Table.Td>
                      <Table.Td>
                        <Sees role={invitation.role} learner={invitation.learner} cohorts={invitation.cohorts} />
                      </Table.Td>
                      <Table.Td>
                        <Moment at={invitation.expiresAt} />
                      </Table.Td>
                      <Table.Td>
                        <Button
                          size="compact-sm"
                          variant="default"
                          aria-label={t('invitations.withdrawOf', { email: invitation.email })}
                          onClick={() => withdraw(invitation)}
                        >
                          {t('invitations.withdraw')}
                        </Button>
                      </Table.Td>
                    </Table.Tr>
                  ))}
                </Table.Tbody>
              </Table>
            </TableRegion>
          )
        }
      </Shown>
      {withdrawing !== null && <Withdraw invitation={withdrawing} onClose={() => withdraw(null)} />}
    </Section>
  );
}

function Withdraw({ invitation, onClose }: { invitation: Invitation; onClose(): void }) {
  const t = useTranslations('settings.invitations');
  const queries = useQueryClient();
  const remove = $api.useMutation('delete', '/api/v1/members/invitations/{id}');
  return (
    <Confirm
      title={t('withdrawTitle', { email: invitation.email })}
      submit={t('withdraw')}
      busy={remove.isPending}
      error={remove.error}
      onClose={onClose}
      onConfirm={() =>
        remove.mutate(
          { params: { path: { id: invitation.id } } },
          {
            onSuccess() {
              refresh(queries, '/api/v1/members');
              onClose();
            },
          },
        )
      }
    >
      {t('withdrawText')}
    </Confirm>
  );
}
