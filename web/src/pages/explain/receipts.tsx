/** All webhooks a figure is made of, and the link to that list. */
import { Button, CopyButton, Group, Table, Text } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Check, Copy } from 'lucide-react';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { Moment } from '../../parts/figures.tsx';
import { LoadMore } from '../../parts/load-more.tsx';
import { Shown } from '../../parts/states.tsx';
import { TableRegion } from '../../parts/table-region.tsx';
import { useMe } from '../../shell/session.ts';
import { type FigureReceipt, figureReceipts } from './figure-receipts.ts';
import { Part } from './part.tsx';

/** `url`: as the API names it. */
export function Receipts({ url, onLeave }: { url: string; onLeave(): void }) {
  const t = useTranslations('explain.receipts');
  const [open, setOpen] = useState(false);
  return (
    <Part title={t('title')}>
      <Text mb="sm">{t('what')}</Text>
      <Group gap="sm" mb="sm">
        <Button size="xs" variant="default" aria-expanded={open} onClick={() => setOpen(!open)}>
          {t(open ? 'hide' : 'show')}
        </Button>
        <CopyButton value={url}>
          {({ copied, copy }) => (
            <Button
              size="xs"
              variant="subtle"
              leftSection={copied ? <Check size={14} aria-hidden /> : <Copy size={14} aria-hidden />}
              onClick={copy}
            >
              {t(copied ? 'copied' : 'copy')}
            </Button>
          )}
        </CopyButton>
      </Group>
      {open && <ReceiptList url={url} onLeave={onLeave} />}
    </Part>
  );
}

function ReceiptList({ url, onLeave }: { url: string; onLeave(): void }) {
  const t = useTranslations('explain.receipts');
  const query = useInfiniteQuery({
    queryKey: ['explain receipts', url],
    queryFn: ({ pageParam, signal }) => figureReceipts(url, pageParam, signal),
    initialPageParam: null as string | null,
    getNextPageParam: ({ nextCursor }) => nextCursor ?? undefined,
  });
  return (
    <Shown query={query}>
      {({ pages }) => {
        const receipts = pages.flatMap(({ data }) => data);
        if (receipts.length === 0) return <Text c="dimmed">{t('empty')}</Text>;
        return (
          <>
            <TableRegion label={t('table')}>
              <Table>
                <Table.Thead>
                  <Table.Tr>
                    <Table.Th scope="col">{t('received')}</Table.Th>
                    <Table.Th scope="col">{t('source')}</Table.Th>
                    <Table.Th scope="col">{t('proof')}</Table.Th>
                  </Table.Tr>
                </Table.Thead>
                <Table.Tbody>
                  {receipts.map((receipt) => (
                    <ReceiptRow key={receipt.id} receipt={receipt} onLeave={onLeave} />
                  ))}
                </Table.Tbody>
              </Table>
            </TableRegion>
            <LoadMore
              query={query}
              shown={t(query.hasNextPage ? 'shownSome' : 'shownAll', { count: receipts.length })}
            />
          </>
        );
      }}
    </Shown>
  );
}

function ReceiptRow({ receipt, onLeave }: { receipt: FigureReceipt; onLeave(): void }) {
  const t = useTranslations('explain');
  const { role } = useMe();
  const when = receipt.receivedAt === null ? t('receipts.expired') : <Moment at={receipt.receivedAt} />;
  return (
    <Table.Tr>
      <Table.Th scope="row" fw={400}>
        {role === 'admin' && receipt.receivedAt !== null ? (
          <Link to="/receipts/$id" params={{ id: receipt.id }} onClick={onLeave}>
            {when}
          </Link>
        ) : (
          when
        )}
      </Table.Th>
      <Table.Td>{receipt.source.slug ?? receipt.source.id}</Table.Td>
      <Table.Td>{t(`verification.${receipt.verification}`)}</Table.Td>
    </Table.Tr>
  );
}
