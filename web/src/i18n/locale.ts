/** Which language the texts are in, and the catalogue of it. Dates and numbers follow the browser's own locale of that language. */
import type { messages } from '../messages/en/catalogue.ts';
import type { more } from '../messages/en/more.ts';

export const LOCALES = ['en', 'de'] as const;
export type Locale = (typeof LOCALES)[number];
export type FirstMessages = typeof messages;
export type MoreMessages = typeof more;

const STORED = 'gradewire.language';

/** The language a person chose, else the first of the browser's that we have, else English. */
export function preferredLocale(): Locale {
  const chosen = stored();
  if (chosen !== null) return chosen;
  for (const language of navigator.languages) {
    const found = LOCALES.find((locale) => language.toLowerCase().startsWith(locale));
    if (found !== undefined) return found;
  }
  return 'en';
}

/** Keeps the choice for the next visit; the page is told by the caller. */
export function keepLocale(locale: Locale): void {
  try {
    localStorage.setItem(STORED, locale);
  } catch {
    // Without storage the choice lasts as long as the page.
  }
}

/** The browser's own regional form of the language (en-IN, de-AT), for dates and numbers; else the language. */
export function regionalLocale(locale: Locale): string {
  return navigator.languages.find((language) => language.toLowerCase().startsWith(locale)) ?? locale;
}

/** Texts of the frame and of Live, loaded before the first paint: one language a visit. */
export async function loadMessages(locale: Locale): Promise<FirstMessages> {
  switch (locale) {
    case 'en':
      return (await import('../messages/en/catalogue.ts')).messages;
    case 'de':
      return (await import('../messages/de/catalogue.ts')).messages;
    default:
      return locale satisfies never;
  }
}

const loaded = new Map<Locale, Promise<MoreMessages>>();

/** Texts of all other pages, loaded with the first of them; the same promise each time, so that React can wait for it. */
export function loadMore(locale: Locale): Promise<MoreMessages> {
  const known = loaded.get(locale);
  if (known !== undefined) return known;
  const loading = importMore(locale);
  loaded.set(locale, loading);
  // What could not be loaded is tried again by the next page.
  loading.catch(() => loaded.delete(locale));
  return loading;
}

async function importMore(locale: Locale): Promise<MoreMessages> {
  switch (locale) {
    case 'en':
      return (await import('../messages/en/more.ts')).more;
    case 'de':
      return (await import('../messages/de/more.ts')).more;
    default:
      return locale satisfies never;
  }
}

function stored(): Locale | null {
  try {
    const value = localStorage.getItem(STORED);
    return LOCALES.find((locale) => locale === value) ?? null;
  } catch {
    return null;
  }
}
