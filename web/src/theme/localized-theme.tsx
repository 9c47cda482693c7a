/** Names of buttons that components make by themselves, in the language of the page; without them they are only a cross. */
import { MantineThemeProvider } from '@mantine/core';
import { type ReactNode, useMemo } from 'react';
import { useTranslations } from 'use-intl';

export function LocalizedTheme(props: { children: ReactNode }) {
  const close = useTranslations('common.figure')('close');
  const theme = useMemo(
    () => ({
      components: {
        ModalCloseButton: { defaultProps: { 'aria-label': close } },
        DrawerCloseButton: { defaultProps: { 'aria-label': close } },
        Notification: { defaultProps: { closeButtonProps: { 'aria-label': close } } },
        // Their <header> is that of a dialog: the page has one banner, its top bar.
        ModalHeader: { defaultProps: { role: 'presentation' } },
        DrawerHeader: { defaultProps: { role: 'presentation' } },
      },
    }),
    [close],
  );
  return (
    <MantineThemeProvider theme={theme} inherit>
      {props.children}
    </MantineThemeProvider>
  );
}
