/** A button that copies a text which is shown elsewhere or too long to show. */
import { Button, CopyButton } from '@mantine/core';
import { Check, Copy } from 'lucide-react';
import { useTranslations } from 'use-intl';

export function CopyText(props: { text: string; label: string }) {
  const t = useTranslations('common.figure');
  return (
    <CopyButton value={props.text}>
      {({ copied, copy }) => (
        <Button
          variant="default"
          size="xs"
          leftSection={copied ? <Check size={14} aria-hidden /> : <Copy size={14} aria-hidden />}
          onClick={copy}
        >
          {copied ? t('copied') : props.label}
        </Button>
      )}
    </CopyButton>
  );
}
