/** Says on every page that an endpoint was disabled, until it is enabled or somebody puts the note away for this visit. */
import { ActionIcon, Text } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { CircleX, X } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useTranslations } from 'use-intl';
import { $api } from '../api/hooks.ts';
import { refresh } from '../api/refresh.ts';
import { useLive, useLiveMessages } from '../live/live-provider.tsx';
import classes from './disabled-banner.module.css';
import { useMe } from './session.ts';

const STORED = 'gradewire.disabledSeen';
const MOST = 200;

/** Only admins can do anything about it. */
export function DisabledBanner() {
  return useMe().role === 'admin' ? <Banner /> : null;
}

function Banner() {
  const t = useTranslations('common.disabled');
  const queries = useQueryClient();
  const [seen, setSeen] = useState(() => sessionStorage.getItem(STORED) ?? '');
  const { data } = $api.useQuery(
    'get',
    '/api/v1/endpoints',
    { params: { query: { limit: MOST } } },
    { staleTime: Number.POSITIVE_INFINITY },
  );
  const { begun } = useLive();
  useEffect(() => {
    // One that was disabled between the answer and the stream.
    if (begun > 0) refresh(queries, '/api/v1/endpoints');
  }, [begun, queries]);
  useLiveMessages(({ type }) => {
    if (type === 'endpoint.disabled') refresh(queries, '/api/v1/endpoints');
  });
  const disabled = (data?.data ?? []).filter(({ enabled, disabledReason }) => !enabled && disabledReason !== null);
  const [first] = disabled;
  // Another one, or the same again later, is news.
  const now = disabled.map(({ id, disabledAt }) => `${id} ${disabledAt}`).join();
  if (first === undefined || seen === now) return null;
  return (
    <div className={classes.banner} role="status">
      <CircleX size={16} aria-hidden color="var(--gw-failure)" />
      <Text size="sm" className={classes.text ?? ''}>
        {disabled.length === 1
          ? t.rich('one', {
              name: first.description ?? first.to ?? hostOf(first.url),
              link: (inner) => (
                <Link to="/endpoints/$id" params={{ id: first.id }}>
                  {inner}
                </Link>
              ),
            })
          : t.rich('many', { count: disabled.length, link: (inner) => <Link to="/endpoints">{inner}</Link> })}
      </Text>
      <ActionIcon
        variant="subtle"
        color="gray"
        aria-label={t('dismiss')}
        onClick={() => {
          sessionStorage.setItem(STORED, now);
          setSeen(now);
        }}
      >
        <X size={16} aria-hidden />
      </ActionIcon>
    </div>
  );
}

function hostOf(url: string | null): string {
  return url !== null && URL.canParse(url) ? new URL(url).host : '';
}
