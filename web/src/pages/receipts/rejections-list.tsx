/** What was refused at the ingest URLs, with the reason explained; what came is folded away. */
import { Accordion, Alert, Code, Group, Stack, Text } from '@mantine/core';
import { EyeOff, ShieldX } from 'lucide-react';
import { useTranslations } from 'use-intl';
import type { Item } from '../../api/types.ts';
import { Moment } from '../../parts/figures.tsx';
import { usePresenter } from '../../shell/presenter.tsx';
import { RejectionWords, useReasonTitle } from '../sources/rejection-words.tsx';
import { HeadersTable } from './headers-table.tsx';
import classes from './receipts.module.css';

export type Rejection = Item<'/api/v1/rejections'>;

export function RejectionsList(props: { rejections: Rejection[]; withoutSource?: boolean }) {
  const titleOf = useReasonTitle();
  return (
    <Accordion variant="separated" multiple chevronPosition="left">
      {props.rejections.map((rejection) => (
        <Accordion.Item key={rejection.id} value={rejection.id}>
          <Accordion.Control icon={<ShieldX size={16} aria-hidden color="var(--gw-failure)" />}>
            <Group gap="sm">
              <Text component="span" size="sm" fw={600}>
                {titleOf(rejection.reason)}
              </Text>
              {props.withoutSource !== true && rejection.source.slug !== null && (
                <Text component="span" size="sm" className="gw-mono">
                  {rejection.source.slug}
                </Text>
              )}
              <Text component="span" size="sm" c="dimmed">
                <Moment at={rejection.at} />
              </Text>
            </Group>
          </Accordion.Control>
          <Accordion.Panel>
            <Stack gap="sm">
              <RejectionWords reason={rejection.reason} explanation={rejection.hint} />
              <WhatCame rejection={rejection} />
            </Stack>
          </Accordion.Panel>
        </Accordion.Item>
      ))}
    </Accordion>
  );
}

/** The request as far as it was kept. Anybody may have sent it, with any name in it: not for a projector. */
function WhatCame({ rejection }: { rejection: Rejection }) {
  const t = useTranslations('sources.rejections');
  const presenter = usePresenter();
  if (presenter.on) {
    return (
      <Alert color="gray" icon={<EyeOff size={18} aria-hidden />} py="sm">
        {t('hidden')}
      </Alert>
    );
  }
  return (
    <>
      <Text size="sm" fw={600}>
        {t('headers')}
      </Text>
      <HeadersTable headers={rejection.headers} />
      <Text size="sm" fw={600}>
        {t('body', { shown: rejection.body.length, bytes: rejection.bytes })}
      </Text>
      {rejection.body === '' ? (
        <Text size="sm" c="dimmed">
          {t('noBody')}
        </Text>
      ) : (
        <Code block p="md" className={classes.body ?? ''} tabIndex={0} role="region" aria-label={t('bodyLabel')}>
          {rejection.body}
        </Code>
      )}
    </>
  );
}
