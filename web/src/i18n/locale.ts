/** Which language the texts are in, and the catalogue of it. Dates and numbers follow the browser's own locale of that language. */
import type { messages } from '../messages/en/catalogue.ts';

export const LOCALES = ['en', 'de'] as const;
export type Locale = (typeof LOCALES)[number];
export type Messages = typeof messages;

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

/** The catalogue, loaded when it is needed: one language a visit. */
export async function loadMessages(locale: Locale): Promise<Messages> {
  switch (locale) {
    case 'en':
      return (await import('../messages/en/catalogue.ts')).messages;
    case 'de':
      return (await import('../messages/de/catalogue.ts')).messages;
    default: {
      const never: never = locale;
      throw new Error(`No catalogue for ${String(never)}.`);
    }
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
