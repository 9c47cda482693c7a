/** Where one is signed in, and the end of any of it. */
import { Badge, Button, Table } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { api } from '../../api/client.ts';
import { $api } from '../../api/hooks.ts';
import { refresh } from '../../api/refresh.ts';
import type { Item } from '../../api/types.ts';
import { Moment } from '../../parts/figures.tsx';
import { Section } from '../../parts/page.tsx';
import { Refusal } from '../../parts/refusal.tsx';
import { Empty, Shown } from '../../parts/states.tsx';
import { TableRegion } from '../../parts/table-region.tsx';
import { signOut } from '../../shell/sign-out.ts';
import { deviceOf } from './device.ts';

type Session = Item<'/api/v1/sessions'>;

export function Sessions() {
  const t = useTranslations('settings.account');
  const queries = useQueryClient();
  const query = $api.useQuery('get', '/api/v1/sessions');
  const [busy, setBusy] = useState<string | null>(null);
  const [failure, setFailure] = useState<unknown>(null);
  const others = (query.data?.data ?? []).filter(({ current }) => !current);

  /** Ends them one after another; what was ended before a failure stays ended. */
  async function end(sessions: readonly Session[], what: string) {
    setBusy(what);
    setFailure(null);
    try {
      for (const { id } of sessions) await api.DELETE('/api/v1/sessions/{id}', { params: { path: { id } } });
      notifications.show({ message: t('ended', { count: sessions.length }), color: 'green' });
    } catch (error) {
      setFailure(error);
    } finally {
      setBusy(null);
      refresh(queries, '/api/v1/sessions');
    }
  }

  return (
    <Section
      title={t('sessions')}
      note={t('sessionsNote')}
      actions={
        others.length > 0 && (
          <Button variant="default" loading={busy === 'others'} onClick={() => void end(others, 'others')}>
            {t('endOthers', { count: others.length })}
          </Button>
        )
      }
    >
      <Refusal error={failure} />
      <Shown query={query} lines={3}>
        {({ data }) =>
          data.length === 0 ? (
            <Empty title={t('noSessions')} />
          ) : (
            <TableRegion label={t('sessions')}>
              <Table miw={640}>
                <Table.Thead>
                  <Table.Tr>
                    <Table.Th scope="col">{t('device')}</Table.Th>
                    <Table.Th scope="col">{t('ip')}</Table.Th>
                    <Table.Th scope="col">{t('lastSeen')}</Table.Th>
                    <Table.Th scope="col">{t('began')}</Table.Th>
                    <Table.Th scope="col">{t('action')}</Table.Th>
                  </Table.Tr>
                </Table.Thead>
                <Table.Tbody>
                  {data.map((session) => (
                    <SessionRow
                      key={session.id}
                      session={session}
                      busy={busy === session.id}
                      onEnd={() => (session.current ? void signOut() : void end([session], session.id))}
                    />
                  ))}
                </Table.Tbody>
              </Table>
            </TableRegion>
          )
        }
      </Shown>
    </Section>
  );
}

function SessionRow({ session, busy, onEnd }: { session: Session; busy: boolean; onEnd(): void }) {
  const t = useTranslations('settings.account');
  const none = useTranslations('common.figure')('none');
  const { browser, system } = deviceOf(session.userAgent);
  const device =
    browser !== null && system !== null
      ? t('browserOn', { browser, system })
      : (browser ?? system ?? t('unknownDevice'));
  return (
    <Table.Tr>
      <Table.Th scope="row" fw={400} title={session.userAgent ?? ''}>
        {device}{' '}
        {session.current && (
          <Badge size="sm" variant="light">
            {t('thisOne')}
          </Badge>
        )}
      </Table.Th>
      <Table.Td className="gw-mono">{session.ip ?? none}</Table.Td>
      <Table.Td>
        <Moment at={session.lastSeenAt} relative />
      </Table.Td>
      <Table.Td>
        <Moment at={session.createdAt} />
      </Table.Td>
      <Table.Td>
        <Button
          size="compact-sm"
          variant="default"
          loading={busy}
          aria-label={session.current ? t('signOutHere') : t('endOf', { device })}
          onClick={onEnd}
        >
          {session.current ? t('signOutHere') : t('end')}
        </Button>
      </Table.Td>
    </Table.Tr>
  );
}
