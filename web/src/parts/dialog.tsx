/** A dialog that is there as long as it is rendered; the focus returns to what opened it when it goes. */
import { Modal, type ModalProps } from '@mantine/core';
import { useEffect, useState } from 'react';
import { useTranslations } from 'use-intl';

export function Dialog(props: Omit<ModalProps, 'opened'>) {
  const t = useTranslations('common.figure');
  // Remembered while rendering: in effects the focus is within the dialog already.
  const [opener] = useState(() => document.activeElement);
  // Mantine returns the focus when `opened` changes, which it never does here.
  useEffect(
    () => () => {
      // After the dialog's own trap let go.
      setTimeout(() => opener instanceof HTMLElement && opener.isConnected && opener.focus({ preventScroll: true }));
    },
    [opener],
  );
  return <Modal opened closeButtonProps={{ 'aria-label': t('close') }} {...props} />;
}
