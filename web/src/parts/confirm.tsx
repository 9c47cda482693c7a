/** Asks before something is lost: names the thing and what goes with it. The safe answer has the focus. */
import { Button, Group, Stack } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslations } from 'use-intl';
import { Dialog } from './dialog.tsx';
import { Refusal } from './refusal.tsx';

export function Confirm(props: {
  title: string;
  /** What will be lost, in sentences. */
  children: ReactNode;
  /** The button that does it. */
  submit: string;
  busy: boolean;
  error: unknown;
  onConfirm(): void;
  onClose(): void;
}) {
  const t = useTranslations('common.figure');
  return (
    <Dialog onClose={props.onClose} title={props.title}>
      <Stack gap="md">
        <Refusal error={props.error} />
        <div>{props.children}</div>
        <Group justify="flex-end">
          <Button variant="default" onClick={props.onClose} data-autofocus>
            {t('cancel')}
          </Button>
          <Button color="red" loading={props.busy} onClick={props.onConfirm}>
            {props.submit}
          </Button>
        </Group>
      </Stack>
    </Dialog>
  );
}
