import type { messages } from '../messages/en/catalogue.ts';

/** Keys of messages are checked by the compiler against the English catalogue. */
declare module 'use-intl' {
  interface AppConfig {
    Messages: typeof messages;
  }
}
