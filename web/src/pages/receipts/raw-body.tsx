/** The body of a webhook: readable, or the very text that was signed. */
import { Alert, Code, Group, SegmentedControl, Text } from '@mantine/core';
import { EyeOff } from 'lucide-react';
import { useState } from 'react';
import { useFormatter, useTranslations } from 'use-intl';
import { CopyText } from '../../parts/copy-text.tsx';
import { usePresenter } from '../../shell/presenter.tsx';
import { prettyJson } from './pretty-json.ts';
import classes from './receipts.module.css';

export function RawBody(props: { body: string; bodyBase64: string | undefined; bytes: number }) {
  const t = useTranslations('sources.receipt');
  const format = useFormatter();
  const presenter = usePresenter();
  const [raw, setRaw] = useState(false);
  const pretty = props.bodyBase64 === undefined ? prettyJson(props.body) : null;
  if (presenter.on) {
    return (
      <Alert color="gray" icon={<EyeOff size={18} aria-hidden />} py="sm">
        {t('hiddenBody')}
      </Alert>
    );
  }
  const shown = raw || pretty === null ? props.body : pretty;
  return (
    <>
      <Group gap="md" mb="sm">
        {pretty !== null && (
          <SegmentedControl
            size="xs"
            aria-label={t('bodyAs')}
            value={raw ? 'raw' : 'pretty'}
            onChange={(value) => setRaw(value === 'raw')}
            data={[
              { value: 'pretty', label: t('pretty') },
              { value: 'raw', label: t('raw') },
            ]}
          />
        )}
        <CopyText
          text={props.bodyBase64 ?? props.body}
          label={t(props.bodyBase64 === undefined ? 'copyBody' : 'copyBase64')}
        />
        <Text size="sm" c="dimmed">
          {t('bytes', { bytes: format.number(props.bytes, { style: 'unit', unit: 'byte', unitDisplay: 'long' }) })}
        </Text>
      </Group>
      {props.bodyBase64 !== undefined && (
        <Text size="sm" mb="sm">
          {t('notText')}
        </Text>
      )}
      <Code
        block
        p="md"
        className={`${classes.body} ${raw || pretty === null ? classes.wrapped : ''}`}
        tabIndex={0}
        role="region"
        aria-label={t('bodyLabel')}
      >
        {shown}
      </Code>
    </>
  );
}
