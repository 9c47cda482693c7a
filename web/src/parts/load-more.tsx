/** The rest of a list that comes in pages: a button that keeps the focus while it loads, and says how many are shown. */
import { Button, Group, Text } from '@mantine/core';
import { useEffect, useRef } from 'react';
import { useTranslations } from 'use-intl';
import { Failed } from './states.tsx';

export function LoadMore(props: {
  /** An infinite query. */
  query: {
    hasNextPage: boolean;
    isFetchingNextPage: boolean;
    isFetchNextPageError: boolean;
    error: unknown;
    fetchNextPage(): unknown;
  };
  /** How many entries stand above, in words. */
  shown: string;
}) {
  const t = useTranslations('common.figure');
  const { query } = props;
  const end = useRef<HTMLParagraphElement>(null);
  const asked = useRef(false);
  // When the last page came the button is gone: the focus stays at the place where it was.
  useEffect(() => {
    if (!query.hasNextPage && asked.current) end.current?.focus();
  }, [query.hasNextPage]);
  return (
    <Group mt="sm" gap="md" align="center">
      {query.hasNextPage && (
        <Button
          variant="default"
          aria-busy={query.isFetchingNextPage}
          onClick={() => {
            asked.current = true;
            // Not disabled meanwhile: that would take the focus away.
            if (!query.isFetchingNextPage) void query.fetchNextPage();
          }}
        >
          {t('more')}
        </Button>
      )}
      <Text size="sm" c="dimmed" role="status" ref={end} tabIndex={-1}>
        {props.shown}
      </Text>
      {query.isFetchNextPageError && <Failed error={query.error} retry={() => void query.fetchNextPage()} />}
    </Group>
  );
}
