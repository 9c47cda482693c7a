/** The language of the page: texts, and the forms of dates and numbers. */
import { createContext, type ReactNode, startTransition, use, useContext, useEffect, useMemo, useState } from 'react';
import { IntlProvider, useMessages } from 'use-intl';
import {
  type FirstMessages,
  keepLocale,
  type Locale,
  loadMessages,
  loadMore,
  preferredLocale,
  regionalLocale,
} from './locale.ts';

interface Language {
  locale: Locale;
  setLocale(locale: Locale): void;
}

const LanguageContext = createContext<Language>({ locale: 'en', setLocale() {} });

/** The language and how to change it. */
export function useLanguage(): Language {
  return useContext(LanguageContext);
}

/** The language with the texts that go with it: they change together, so that no page mixes two. `initial` are those loaded before the first paint. */
export function LanguageProvider(props: { initial: FirstMessages; timeZone: string; children: ReactNode }) {
  const [shown, setShown] = useState<{ locale: Locale; messages: FirstMessages }>(() => ({
    locale: preferredLocale(),
    messages: props.initial,
  }));
  const { locale, messages } = shown;
  useEffect(() => {
    document.documentElement.lang = locale;
  }, [locale]);
  const language = useMemo(
    () => ({
      locale,
      setLocale(next: Locale) {
        keepLocale(next);
        void Promise.all([loadMessages(next), loadMore(next)]).then(([loaded]) =>
          startTransition(() => setShown({ locale: next, messages: loaded })),
        );
      },
    }),
    [locale],
  );
  return (
    <LanguageContext value={language}>
      <IntlProvider locale={regionalLocale(locale)} messages={messages} timeZone={props.timeZone}>
        {props.children}
      </IntlProvider>
    </LanguageContext>
  );
}

/** All texts, for everything that is not part of the first load. Suspends until they are there. */
export function AllTexts(props: { children: ReactNode }) {
  const { locale } = useLanguage();
  const first = useMessages();
  const more = use(loadMore(locale));
  const messages = useMemo(() => ({ ...first, ...more }), [first, more]);
  return (
    <IntlProvider locale={regionalLocale(locale)} messages={messages}>
      {props.children}
    </IntlProvider>
  );
}
