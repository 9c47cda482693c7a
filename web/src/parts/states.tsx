/** What a page shows while there is nothing to show: loading, failed, empty. */
import { Alert, Box, Button, Group, Skeleton, Stack, Text } from '@mantine/core';
import { CircleAlert, Inbox } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslations } from 'use-intl';
import { ApiError } from '../api/api-error.ts';

/** Grey lines where text will be. */
export function Loading(props: { lines?: number }) {
  const t = useTranslations('common.state');
  return (
    <Stack gap="sm" role="status" aria-label={t('loading')}>
      {Array.from({ length: props.lines ?? 4 }, (_, line) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the lines are all alike.
        <Skeleton key={line} height={20} width={`${96 - ((line * 17) % 40)}%`} />
      ))}
    </Stack>
  );
}

/** What went wrong, what to do, and the id that finds the log line. */
export function Failed(props: { error: unknown; retry?: () => void }) {
  const t = useTranslations('common.state');
  const { error } = props;
  const known = error instanceof ApiError ? error : null;
  const sentence = known === null ? String(error) : known.status === 0 ? t('unreachable') : known.message;
  return (
    <Alert color="red" variant="light" icon={<CircleAlert size={18} aria-hidden />} title={t('failed')} role="alert">
      <Text size="sm">{sentence}</Text>
      {known?.details.map((detail) => (
        <Text key={detail.path} size="sm">
          {detail.path}: {detail.message}
        </Text>
      ))}
      {known?.requestId != null && (
        <Text size="xs" className="gw-mono">
          {t('errorId', { id: known.requestId })}
        </Text>
      )}
      {props.retry !== undefined && (
        <Button mt="sm" size="xs" variant="default" onClick={props.retry}>
          {t('retry')}
        </Button>
      )}
    </Alert>
  );
}

/** Nothing here yet: what the first step is, and the button for it. */
export function Empty(props: { title: string; children?: ReactNode; action?: ReactNode }) {
  return (
    <Box py="xl" px="lg" ta="center" style={{ border: '1px dashed var(--gw-border)', borderRadius: 6 }}>
      <Inbox size={28} aria-hidden color="var(--gw-muted)" strokeWidth={1.5} />
      <Text fw={600} mt="xs">
        {props.title}
      </Text>
      {props.children !== undefined && (
        <Text c="dimmed" maw={560} mx="auto" component="div">
          {props.children}
        </Text>
      )}
      {props.action !== undefined && (
        <Group justify="center" mt="md">
          {props.action}
        </Group>
      )}
    </Box>
  );
}

/** The usual three ways a query stands, and its data when it is there. */
export function Shown<T>(props: {
  query: { data: T | undefined; error: unknown; refetch(): unknown };
  lines?: number;
  children: (data: T) => ReactNode;
}) {
  const { data, error, refetch } = props.query;
  // Old data is better than none: a failed refresh is told by the freshness mark.
  if (data !== undefined) return <>{props.children(data)}</>;
  if (error) return <Failed error={error} retry={() => void refetch()} />;
  return props.lines === undefined ? <Loading /> : <Loading lines={props.lines} />;
}
