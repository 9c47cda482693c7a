/** The language of the page: texts, and the forms of dates and numbers. */
import { createContext, type ReactNode, useContext, useEffect, useMemo, useState } from 'react';
import { IntlProvider } from 'use-intl';
import { keepLocale, type Locale, loadMessages, type Messages, preferredLocale, regionalLocale } from './locale.ts';

interface Language {
  locale: Locale;
  setLocale(locale: Locale): void;
}

const LanguageContext = createContext<Language>({ locale: 'en', setLocale() {} });

/** The language and how to change it. */
export function useLanguage(): Language {
  return useContext(LanguageContext);
}

/** Holds back the page until its texts are there; `initial` are those loaded before the first paint. */
export function LanguageProvider(props: { initial: Messages; timeZone: string; children: ReactNode }) {
  const [locale, setLocale] = useState<Locale>(preferredLocale);
  const [messages, setMessages] = useState(props.initial);
  useEffect(() => {
    let current = true;
    void loadMessages(locale).then((loaded) => {
      if (current) setMessages(loaded);
    });
    document.documentElement.lang = locale;
    return () => {
      current = false;
    };
  }, [locale]);
  const language = useMemo(
    () => ({
      locale,
      setLocale(next: Locale) {
        keepLocale(next);
        setLocale(next);
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
