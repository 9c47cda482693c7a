/**
 * What a platform adapter is: data plus pure functions. It imports nothing but core. Every adapter passes the one
 * conformance suite in test/conformance.
 */
import type { ErrorCode } from '../core/errors.ts';
import type { Meaning, Provider, Verification } from '../core/vocabulary.ts';

/** A request as verification sees it: bytes and lower-cased headers; nothing parsed. */
export interface IncomingWebhook {
  /** Header names in lower case; a repeated header joined with ', '. */
  headers: Readonly<Record<string, string | undefined>>;
  body: Buffer;
  /** Milliseconds since 1970, when it arrived. */
  receivedAt: number;
}

/** The settings of a source that verification needs, decrypted. Lists hold the newest first; more than one during rotation. */
export interface SourceSecrets {
  /** Signing secrets, or Testpress' private keys. */
  secrets: readonly string[];
  publicKey: string | null;
  basicAuth: readonly { username: string; password: string }[];
}

export type Verdict =
  | {
      ok: true;
      verification: Verification;
      /** For signature_partial: the fields that the signature covers. */
      covers: readonly string[] | null;
      /** The sender's signed message id where there is one: the de-duplication key; else null (SHA-256 of the body). */
      messageId: string | null;
    }
  | {
      ok: false;
      code: Extract<
        ErrorCode,
        'invalid_signature' | 'missing_signature' | 'stale_timestamp' | 'invalid_credentials' | 'malformed_json'
      >;
      /** One sentence for the person who set the source up: what was seen and what to check. No secret, no payload text. */
      hint: string;
    };

/** What `toMeaning` gets. */
export interface ReceiptContent {
  /** The body, parsed with JSON.parse. */
  body: unknown;
  /** `?event=` of the ingest URL (Synap), else null. */
  eventName: string | null;
  /** When it arrived, milliseconds since 1970: the time of facts whose platform tells none. */
  receivedAt: number;
}

/** What the simulator and the source test ask for. */
export interface SignedWebhook {
  headers: Record<string, string>;
  body: Buffer;
  /** To append to the ingest URL, e.g. `?event=attempt.completed`; else ''. */
  query: string;
}

/** The person and the play an example is about; everything else the adapter makes up, repeatably, from `random`. */
export interface ExampleOptions {
  /** The platform's event name, one of `events`. */
  event: string;
  learner: { externalId: string; name: string; email: string };
  activity: { externalId: string; title: string };
  attemptId: string;
  /** Milliseconds since 1970. */
  startedAt: number;
  at: number;
  /** 0..1, how able the learner is; scores follow it. */
  ability: number;
  /** 0 ≤ x < 1, seeded. */
  random: () => number;
  /** For steps and questions: which one, from 0, and of how many. */
  index: number;
  total: number;
}

export interface Adapter {
  provider: Provider;
  /** As the platform writes its own name. */
  title: string;
  /** Which settings a source of this provider needs, for the API's validation and the dashboard's form. */
  needs: { secret: boolean; publicKey: boolean; basicAuth: 'never' | 'optional'; urlToken: boolean; origins: boolean };
  /** How receipts are verified at best. */
  verification: Verification;
  /** false: any content type that parses as JSON (Testpress). true: anything but JSON is a 415. */
  requiresJson: boolean;
  /** Origins whose browsers may post, when the source names none. */
  defaultOrigins: readonly string[];
  /** Platform event names this adapter can make an example of; those an attempt goes through, in order, first. */
  events: readonly string[];
  /** Never throws, on any input; compares in constant time; needs no more than time linear in the body. */
  verify(request: IncomingWebhook, secrets: SourceSecrets): Verdict;
  /**
   * Only for adapters whose verification is signature_partial: the fields of this (verified, parsed) body that the signature
   * covers, as in the verdict. Never throws.
   */
  coveredFields?(body: unknown): readonly string[];
  /** Never throws, on any input that JSON.parse can make. */
  toMeaning(content: ReceiptContent): Meaning;
  /** A realistic body of that platform event, before signing. */
  example(options: ExampleOptions): Record<string, unknown>;
  /** Signs as the platform does. `id`: the message id (Svix); `at`: milliseconds since 1970. */
  sign(
    body: Record<string, unknown>,
    secrets: SourceSecrets,
    how: { id: string; at: number; event: string },
  ): SignedWebhook;
}
