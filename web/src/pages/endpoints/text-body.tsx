/** Text that goes out or came back: JSON in readable lines, with a button that copies it. */
import { Box, Code } from '@mantine/core';
import { useTranslations } from 'use-intl';
import { CopyText } from '../../parts/copy-text.tsx';
import { prettyJson } from '../receipts/pretty-json.ts';
import receipts from '../receipts/receipts.module.css';
import classes from './endpoints.module.css';

export function TextBody(props: { text: string; label: string }) {
  const t = useTranslations('endpoints.preview');
  const pretty = prettyJson(props.text);
  return (
    <Box>
      <Code
        block
        p="md"
        className={`${receipts.body} ${pretty === null ? receipts.wrapped : ''} ${classes.body}`}
        tabIndex={0}
        role="region"
        aria-label={props.label}
      >
        {pretty ?? props.text}
      </Code>
      <Box mt={6}>
        <CopyText text={props.text} label={t('copy')} />
      </Box>
    </Box>
  );
}
