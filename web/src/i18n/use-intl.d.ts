import type { FirstMessages, MoreMessages } from './locale.ts';

/** Keys of messages are checked by the compiler against the English catalogue. */
declare module 'use-intl' {
  interface AppConfig {
    Messages: FirstMessages & MoreMessages;
  }
}
