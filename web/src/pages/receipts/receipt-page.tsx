/** One webhook: what became of it, what is proved about it, what it meant, and its bytes. */
import { Alert, Button, Code, Group, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useQueryClient } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { CircleX, RotateCcw } from 'lucide-react';
import { useFormatter, useTranslations } from 'use-intl';
import { $api } from '../../api/hooks.ts';
import type { Answer } from '../../api/types.ts';
import { Copyable } from '../../parts/copy.tsx';
import { Moment, TestMark } from '../../parts/figures.tsx';
import { Page, Section } from '../../parts/page.tsx';
import { Refusal } from '../../parts/refusal.tsx';
import { Shown } from '../../parts/states.tsx';
import { TextLink } from '../../parts/text-link.tsx';
import { usePresenter } from '../../shell/presenter.tsx';
import classes from '../sources/sources.module.css';
import { HeadersTable } from './headers-table.tsx';
import { RawBody } from './raw-body.tsx';
import { ReceiptEvents } from './receipt-events.tsx';
import { StatusMark } from './receipt-marks.tsx';

type WholeReceipt = Answer<'/api/v1/receipts/{id}'>;

const route = getRouteApi('/signed-in/receipts/$id');
/** While it waits to be read; a replay makes no event that would tell. */
const PENDING_MS = 1_000;

export function ReceiptPage() {
  const t = useTranslations('sources.receipt');
  const { id } = route.useParams();
  const query = $api.useQuery(
    'get',
    '/api/v1/receipts/{id}',
    { params: { path: { id } } },
    { refetchInterval: ({ state }) => (state.data?.status === 'pending' ? PENDING_MS : false) },
  );
  const receipt = query.data;
  return (
    <Page
      title={t('title')}
      {...(receipt === undefined ? {} : { state: <ReceiptState receipt={receipt} />, actions: <Replay id={id} /> })}
    >
      <Shown query={query}>{(data) => <ReceiptView receipt={data} />}</Shown>
    </Page>
  );
}

function ReceiptState({ receipt }: { receipt: WholeReceipt }) {
  return (
    <Group gap="md">
      <StatusMark status={receipt.status} />
      <TestMark test={receipt.test} />
      <Moment at={receipt.receivedAt} />
    </Group>
  );
}

function Replay({ id }: { id: string }) {
  const t = useTranslations('sources.receipt');
  const queries = useQueryClient();
  const replay = $api.useMutation('post', '/api/v1/receipts/{id}/replay');
  return (
    <>
      <Refusal error={replay.error} />
      <Button
        variant="default"
        leftSection={<RotateCcw size={16} aria-hidden />}
        loading={replay.isPending}
        onClick={() =>
          replay.mutate(
            { params: { path: { id } }, body: {} },
            {
              onSuccess() {
                notifications.show({ message: t('replayed') });
                void queries.invalidateQueries({
                  predicate: ({ queryKey: [, path] }) =>
                    typeof path === 'string' && path.startsWith('/api/v1/receipts'),
                });
              },
            },
          )
        }
      >
        {t('replay')}
      </Button>
    </>
  );
}

function ReceiptView({ receipt }: { receipt: WholeReceipt }) {
  const t = useTranslations('sources');
  const format = useFormatter();
  const provider = useTranslations('common.provider');
  const presenter = usePresenter();
  return (
    <>
      <Text mb="md" maw={760}>
        {t(`statusText.${receipt.status}`)}
      </Text>
      {receipt.error !== null && (
        <Alert
          mb="md"
          color={receipt.status === 'failed' ? 'red' : 'gray'}
          variant="light"
          icon={<CircleX size={18} aria-hidden />}
          title={t(receipt.status === 'failed' ? 'receipt.errorTitle' : 'receipt.noteTitle')}
        >
          <Text size="sm" lang="en">
            {receipt.error}
          </Text>
        </Alert>
      )}
      <dl className={classes.facts} style={{ marginBottom: 24 }}>
        <dt>{t('list.source')}</dt>
        <dd>
          {receipt.source.slug === null ? (
            t('receipts.removedSource')
          ) : (
            <TextLink to="/sources/$id" params={{ id: receipt.source.id }} underline="always">
              {receipt.source.slug}
            </TextLink>
          )}
          {receipt.provider !== null && ` (${provider(receipt.provider)})`}
        </dd>
        <dt>{t('receipt.proof')}</dt>
        <dd>
          {t(`proofText.${receipt.verification}`)}
          {receipt.covers !== null && receipt.covers.length > 0 && (
            <>
              <br />
              {t('receipt.covers')}{' '}
              {receipt.covers.map((field) => (
                <Code key={field} mr={4}>
                  {field}
                </Code>
              ))}
            </>
          )}
        </dd>
        {receipt.eventName !== null && (
          <>
            <dt>{t('receipt.eventName')}</dt>
            <dd className="gw-mono">{receipt.eventName}</dd>
          </>
        )}
        <dt>{t('receipts.received')}</dt>
        <dd>{format.dateTime(new Date(receipt.receivedAt), { dateStyle: 'full', timeStyle: 'long' })}</dd>
        <dt>{t('receipt.duplicates')}</dt>
        <dd>{t('receipt.duplicatesText', { count: receipt.duplicates })}</dd>
        <dt>{t('facts.id')}</dt>
        <dd>
          <Copyable text={receipt.id} label={t('facts.id')} />
        </dd>
      </dl>
      <Section title={t('receipt.events')}>
        {receipt.events.length === 0 ? (
          <Text c="dimmed">{t('receipt.noEvents')}</Text>
        ) : (
          <ReceiptEvents events={receipt.events} />
        )}
      </Section>
      <Section title={t('receipt.body')}>
        <RawBody body={receipt.body} bodyBase64={receipt.bodyBase64} bytes={receipt.bytes} />
      </Section>
      {!presenter.on && (
        <Section title={t('receipt.headers')} note={t('receipt.headersNote')}>
          <HeadersTable headers={receipt.headers} />
        </Section>
      )}
    </>
  );
}
