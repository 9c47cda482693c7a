/** A source as the rest of Gradewire uses it: decrypted, with only what is valid now. Never logged, never sent whole. */
import type { SourceSecrets } from '../adapters/adapter.ts';
import type { Uuid } from '../core/ids.ts';
import type { Provider } from '../core/vocabulary.ts';

/** Names of custom parameters or attributes from which a person's fields are read. */
export interface IdentityFrom {
  email?: string;
  externalId?: string;
  name?: string;
  cohort?: string;
}

export interface Source {
  workspace: number;
  id: Uuid;
  provider: Provider;
  slug: string;
  name: string;
  /** Valid at the time it was read; newest first. */
  secrets: SourceSecrets;
  /** URL tokens, for platforms that sign nothing; newest first. */
  tokens: readonly string[];
  /** What the source says; null: the adapter's default. */
  allowedOrigins: readonly string[] | null;
  identityFrom: IdentityFrom;
  /** Requests a second; null: no limit. */
  rateLimit: number | null;
  createdAt: Date;
}
