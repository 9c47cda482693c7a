/** One source: where platforms post to, how it fares, what came, and what can be changed. */
import { Button, Group, Stack } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { getRouteApi } from '@tanstack/react-router';
import { KeyRound, Pencil, Trash2 } from 'lucide-react';
import { useTranslations } from 'use-intl';
import { $api } from '../../api/hooks.ts';
import type { Source } from '../../api/types.ts';
import { ButtonLink } from '../../parts/button-link.tsx';
import { Page, Section } from '../../parts/page.tsx';
import { Empty, Shown } from '../../parts/states.tsx';
import { ReceiptsTable } from '../receipts/receipts-table.tsx';
import { RejectionsList } from '../receipts/rejections-list.tsx';
import { ArrivalsList } from './arrivals-list.tsx';
import { EditSource } from './edit-source.tsx';
import { IngestUrls } from './ingest-urls.tsx';
import { ReachWarning } from './reach-warning.tsx';
import { RemoveSource } from './remove-source.tsx';
import { RotateSource } from './rotate-source.tsx';
import { SendTest } from './send-test.tsx';
import { SourceFacts } from './source-facts.tsx';
import { SourceState, useSourceHealth } from './source-state.tsx';
import { TroubleOf } from './trouble.tsx';

const route = getRouteApi('/signed-in/sources/$id');
const SHOWN = 8;

export function SourcePage() {
  const t = useTranslations('sources');
  const { id } = route.useParams();
  const query = $api.useQuery('get', '/api/v1/sources/{id}', { params: { path: { id } } });
  if (query.data === undefined) {
    return (
      <Page title={t('one.title')}>
        <Shown query={query}>{() => null}</Shown>
      </Page>
    );
  }
  return <SourceView source={query.data} />;
}

function SourceView({ source }: { source: Source }) {
  const t = useTranslations('sources');
  const { data: health } = useSourceHealth(source.id);
  const [editing, edit] = useDisclosure(false);
  const [rotating, rotate] = useDisclosure(false);
  const [removing, remove] = useDisclosure(false);
  return (
    <Page
      title={source.name}
      {...(health === undefined ? {} : { state: <SourceState health={health} /> })}
      actions={
        <Group gap="sm">
          <Button variant="default" leftSection={<Pencil size={16} aria-hidden />} onClick={edit.open}>
            {t('one.edit')}
          </Button>
          <Button variant="default" leftSection={<KeyRound size={16} aria-hidden />} onClick={rotate.open}>
            {t(
              `one.rotate.${source.verification === 'token' ? 'url' : source.verification === 'basic' ? 'password' : 'secret'}`,
            )}
          </Button>
          <Button
            variant="default"
            c="var(--gw-failure)"
            leftSection={<Trash2 size={16} aria-hidden />}
            onClick={remove.open}
          >
            {t('one.remove')}
          </Button>
        </Group>
      }
    >
      <TroubleOf source={source} onRotate={rotate.open} />
      <Section title={t('one.urls')}>
        <Stack gap="md" maw={860}>
          <ReachWarning source={source} />
          <IngestUrls source={source} />
        </Stack>
      </Section>
      <Section title={t('one.live')} note={t('one.liveNote')}>
        <Stack gap="md" maw={860}>
          <ArrivalsList sourceId={source.id} waiting={t('watch.listening')} onRotate={rotate.open} />
          <SendTest source={source} />
        </Stack>
      </Section>
      <Section
        title={t('one.receipts')}
        actions={
          <ButtonLink to="/receipts" search={{ source: source.id }} variant="subtle" size="compact-sm">
            {t('one.all')}
          </ButtonLink>
        }
      >
        <RecentReceipts source={source} />
      </Section>
      <Section
        title={t('one.rejections')}
        actions={
          <ButtonLink
            to="/receipts"
            search={{ source: source.id, tab: 'rejections' }}
            variant="subtle"
            size="compact-sm"
          >
            {t('one.all')}
          </ButtonLink>
        }
      >
        <RecentRejections source={source} />
      </Section>
      <Section title={t('one.settings')}>
        <SourceFacts source={source} />
      </Section>
      {editing && <EditSource source={source} onClose={edit.close} />}
      {rotating && <RotateSource source={source} onClose={rotate.close} />}
      {removing && <RemoveSource source={source} onClose={remove.close} />}
    </Page>
  );
}

function RecentReceipts({ source }: { source: Source }) {
  const t = useTranslations('sources.one');
  const query = $api.useQuery('get', '/api/v1/receipts', { params: { query: { source: source.id, limit: SHOWN } } });
  return (
    <Shown query={query}>
      {({ data }) =>
        data.length === 0 ? (
          <Empty title={t('noReceipts')}>{t('noReceiptsText')}</Empty>
        ) : (
          <ReceiptsTable label={t('receipts')} receipts={data} withoutSource />
        )
      }
    </Shown>
  );
}

function RecentRejections({ source }: { source: Source }) {
  const t = useTranslations('sources.one');
  const query = $api.useQuery('get', '/api/v1/rejections', { params: { query: { source: source.id, limit: SHOWN } } });
  return (
    <Shown query={query} lines={1}>
      {({ data }) => (data.length === 0 ? t('noRejections') : <RejectionsList rejections={data} withoutSource />)}
    </Shown>
  );
}
