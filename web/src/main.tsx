/** Starts the dashboard. */
import { MantineProvider } from '@mantine/core';
import { Notifications } from '@mantine/notifications';
import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { setNonce } from 'get-nonce';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import '@fontsource-variable/inter/wght.css';
import '@mantine/core/styles.css';
import '@mantine/notifications/styles.css';
import './theme/global.css';
import { queryClient } from './api/query-client.ts';
import { LanguageProvider } from './i18n/language.tsx';
import { loadMessages, preferredLocale } from './i18n/locale.ts';
import { router } from './router.tsx';
import { viewerTimeZone } from './shell/filters.ts';
import { LocalizedTheme } from './theme/localized-theme.tsx';
import { theme } from './theme/theme.ts';

/** The policy of the page lets in only styles that bear it; the server writes a new one into each page. */
function styleNonce(): string {
  return document.querySelector<HTMLMetaElement>('meta[name="csp-nonce"]')?.nonce ?? '';
}

// Dialogs hold back the page's scrolling with a style of their own, by react-remove-scroll.
setNonce(styleNonce());

const element = document.getElementById('root');
if (element === null) throw new Error('The page has no #root.');
const messages = await loadMessages(preferredLocale());
createRoot(element).render(
  <StrictMode>
    <MantineProvider theme={theme} defaultColorScheme="auto" getStyleNonce={styleNonce}>
      <QueryClientProvider client={queryClient}>
        <LanguageProvider initial={messages} timeZone={viewerTimeZone}>
          <LocalizedTheme>
            <Notifications position="bottom-right" />
            <RouterProvider router={router} />
          </LocalizedTheme>
        </LanguageProvider>
      </QueryClientProvider>
    </MantineProvider>
  </StrictMode>,
);
