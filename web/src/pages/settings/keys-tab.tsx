/** API keys: what programs sign in with. */
import { Button, Table, Text } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { KeyRound } from 'lucide-react';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { useAllCohorts } from '../../api/cohorts.ts';
import { $api } from '../../api/hooks.ts';
import { refresh } from '../../api/refresh.ts';
import type { Item } from '../../api/types.ts';
import { Confirm } from '../../parts/confirm.tsx';
import { Moment } from '../../parts/figures.tsx';
import { Section } from '../../parts/page.tsx';
import { Empty, Shown } from '../../parts/states.tsx';
import { TableRegion } from '../../parts/table-region.tsx';
import { TextLink } from '../../parts/text-link.tsx';
import { useLearnerName } from '../../shell/presenter.tsx';
import { KeyDialog } from './key-dialog.tsx';

type Key = Item<'/api/v1/keys'>;
const MOST = 200;

export function KeysTab() {
  const t = useTranslations('settings.keys');
  const query = $api.useQuery('get', '/api/v1/keys', { params: { query: { limit: MOST } } });
  const [making, make] = useState(false);
  const [removing, remove] = useState<Key | null>(null);
  const button = (
    <Button leftSection={<KeyRound size={16} aria-hidden />} onClick={() => make(true)}>
      {t('make')}
    </Button>
  );
  return (
    <Section title={t('title')} note={t('note')} actions={query.data?.data.length === 0 ? undefined : button}>
      <Shown query={query}>
        {({ data }) =>
          data.length === 0 ? (
            <Empty title={t('empty')} action={button}>
              {t('emptyText')}
            </Empty>
          ) : (
            <KeysTable keys={data} onRemove={remove} />
          )
        }
      </Shown>
      {making && <KeyDialog onClose={() => make(false)} />}
      {removing !== null && <RemoveKey apiKey={removing} onClose={() => remove(null)} />}
    </Section>
  );
}

function KeysTable(props: { keys: Key[]; onRemove(key: Key): void }) {
  const t = useTranslations('settings');
  const classes = useAllCohorts();
  const classOf = (id: string) => classes.data?.data.find((one) => one.id === id)?.name ?? id;
  const now = Date.now();
  return (
    <TableRegion label={t('keys.title')}>
      <Table miw={860}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col">{t('keys.name')}</Table.Th>
            <Table.Th scope="col">{t('keys.hint')}</Table.Th>
            <Table.Th scope="col">{t('limits.role')}</Table.Th>
            <Table.Th scope="col">{t('limits.sees')}</Table.Th>
            <Table.Th scope="col">{t('keys.lastUsed')}</Table.Th>
            <Table.Th scope="col">{t('keys.expires')}</Table.Th>
            <Table.Th scope="col">{t('members.actions')}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {props.keys.map((key) => (
            <Table.Tr key={key.id}>
              <Table.Th scope="row" fw={600}>
                {key.name}
              </Table.Th>
              <Table.Td className="gw-mono">{key.hint}…</Table.Td>
              <Table.Td>{t(`role.${key.role}`)}</Table.Td>
              <Table.Td>
                {key.learner !== null ? (
                  <LearnerOf id={key.learner} />
                ) : key.cohorts === null ? (
                  t('limits.everyone')
                ) : (
                  key.cohorts.map(classOf).join(', ')
                )}
              </Table.Td>
              <Table.Td>
                {key.lastUsedAt === null ? t('members.never') : <Moment at={key.lastUsedAt} relative />}
              </Table.Td>
              <Table.Td>
                {key.expiresAt === null ? (
                  t('keys.noEnd')
                ) : Date.parse(key.expiresAt) <= now ? (
                  <Text component="span" size="sm" c="var(--gw-failure)">
                    {t('keys.over')}
                  </Text>
                ) : (
                  <Moment at={key.expiresAt} />
                )}
              </Table.Td>
              <Table.Td>
                <Button
                  size="compact-sm"
                  variant="default"
                  aria-label={t('keys.removeOf', { name: key.name })}
                  onClick={() => props.onRemove(key)}
                >
                  {t('keys.remove')}
                </Button>
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </TableRegion>
  );
}

/** Keys bear only the learner's id. */
function LearnerOf({ id }: { id: string }) {
  const nameOf = useLearnerName();
  const { data } = $api.useQuery('get', '/api/v1/learners/{id}', { params: { path: { id } } });
  return (
    <TextLink to="/learners/$id" params={{ id }} size="sm">
      {nameOf({ id, name: data?.name ?? null })}
    </TextLink>
  );
}

function RemoveKey({ apiKey, onClose }: { apiKey: Key; onClose(): void }) {
  const t = useTranslations('settings.keys');
  const queries = useQueryClient();
  const remove = $api.useMutation('delete', '/api/v1/keys/{id}');
  return (
    <Confirm
      title={t('removeTitle', { name: apiKey.name })}
      submit={t('removeSubmit')}
      busy={remove.isPending}
      error={remove.error}
      onClose={onClose}
      onConfirm={() =>
        remove.mutate(
          { params: { path: { id: apiKey.id } } },
          {
            onSuccess() {
              refresh(queries, '/api/v1/keys');
              onClose();
            },
          },
        )
      }
    >
      {t('removeText')}
    </Confirm>
  );
}
