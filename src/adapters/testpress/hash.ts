/**
 * Testpress' proof stands in the body: `hash` is a lower-case hex HMAC-SHA512, keyed with the private key, over some of the
 * body's values as they are written there, joined by `|`, the private key among them.
 */
import { equalText, hmac } from '../../core/signatures.ts';
import type { IncomingWebhook, SourceSecrets, Verdict } from '../adapter.ts';
import { fieldsOf } from '../read.ts';
import { members, type Span, scalar } from './json-source.ts';

/** Stands for the private key in the lists below. */
const PRIVATE_KEY = Symbol('private key');

/** What the exam webhook signs, in this order. */
const EXAM_PARTS = [
  'key',
  'attempt_id',
  'correct_answers_count',
  PRIVATE_KEY,
  'incorrect_answers_count',
  'unanswered_answers_count',
  'percentage',
  'score',
  'user_id',
] as const;

/** What the chapter content webhook signs. */
const CONTENT_PARTS = [
  'key',
  'attempt_id',
  'chapter_content.id',
  'user_id',
  'course.id',
  PRIVATE_KEY,
  'state',
] as const;

type Part = string | typeof PRIVATE_KEY;

/** The values that the hash covers, as text; null where the body says null or nothing. */
interface Signed {
  parts: readonly Part[];
  values: ReadonlyMap<string, string | null>;
  key: string | null;
  hash: string | null;
}

export function verifyTestpress(request: IncomingWebhook, secrets: SourceSecrets): Verdict {
  const json = decodeJson(request.body);
  if (json === null) {
    return { ok: false, code: 'malformed_json', hint: 'The body is not JSON in UTF-8, or was cut off on its way.' };
  }
  const signed = signedParts(json);
  if (signed === null || signed.hash === null) {
    return {
      ok: false,
      code: 'missing_signature',
      hint: 'The body holds no `hash`. Testpress puts one into every webhook; check what sends here.',
    };
  }
  if (secrets.publicKey === null || secrets.publicKey === '') {
    return {
      ok: false,
      code: 'invalid_signature',
      hint: 'This source has no public key. Paste the institute key of Testpress into it.',
    };
  }
  if (signed.key === null || !equalText(signed.key, secrets.publicKey)) {
    return {
      ok: false,
      code: 'invalid_signature',
      hint: "The body names another institute: its `key` is not this source's public key. Compare the two, or use the ingest URL of that institute's source.",
    };
  }
  const keys = secrets.secrets.filter((key) => key !== '');
  if (keys.length === 0) {
    return {
      ok: false,
      code: 'invalid_signature',
      hint: "This source has no private key. Paste the one from Testpress' admin dashboard into it.",
    };
  }
  let matches = false;
  for (const key of keys) {
    for (const message of messages(signed, key)) {
      if (equalText(signed.hash, hmac('sha512', key, message).toString('hex'))) matches = true;
    }
  }
  if (!matches) {
    return {
      ok: false,
      code: 'invalid_signature',
      hint: "The hash was made with another private key, or a signed field was changed on its way. Compare this source's private key with the one in Testpress' admin dashboard.",
    };
  }
  return { ok: true, verification: 'signature_partial', covers: named(signed.parts), messageId: null };
}

/** The fields that the hash of this (verified) body covers: neither the state of an exam, nor any e-mail, time or subject. */
export function coveredFields(body: unknown): readonly string[] {
  return named(partsOf(fieldsOf(fieldsOf(body)?.chapter_content) !== null));
}

function partsOf(isContent: boolean): readonly Part[] {
  return isContent ? CONTENT_PARTS : EXAM_PARTS;
}

function named(parts: readonly Part[]): string[] {
  return parts.filter((part) => typeof part === 'string');
}

/** The hash of a body that is to be sent, from the text it will be sent as (the first of the accepted forms). */
export function hashOf(json: string, privateKey: string): string {
  const signed = signedParts(json);
  const message = signed === null ? '' : (messages(signed, privateKey)[0] ?? '');
  return hmac('sha512', privateKey, message).toString('hex');
}

const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** The text of a body that JSON.parse accepts; null for any other. */
function decodeJson(body: Uint8Array): string | null {
  try {
    const json = UTF8.decode(body);
    JSON.parse(json);
    return json;
  } catch {
    return null;
  }
}

function signedParts(json: string): Signed | null {
  const outer = members(json);
  if (outer === null) return null;
  const content = outer.get('chapter_content');
  const parts = partsOf(content !== undefined && json[content.start] === '{');
  const values = new Map<string, string | null>();
  for (const part of parts) if (typeof part === 'string') values.set(part, valueAt(json, outer, part));
  return { parts, values, key: values.get('key') ?? null, hash: scalar(json, outer.get('hash')) ?? null };
}

function valueAt(json: string, outer: ReadonlyMap<string, Span>, path: string): string | null {
  const [first = '', second] = path.split('.');
  const span = outer.get(first);
  if (second === undefined || span === undefined) return scalar(json, span) ?? null;
  return scalar(json, members(json, span.start)?.get(second)) ?? null;
}

/**
 * The messages a hash may have been made over. The prose of the documentation percent-encodes each value and the vendor's
 * own sample does not; Python's `quote` leaves `/` alone unless told otherwise; null is printed `None` or left out. Always
 * the same number of them, whatever the body: docs/decisions/0020-adapters.md.
 */
function messages(signed: Signed, privateKey: string): string[] {
  const encodings: ((value: string) => string)[] = [
    (value) => value,
    percentEncode,
    (value) => percentEncode(value).replaceAll('%2F', '/'),
  ];
  return encodings.flatMap((encode) =>
    ['None', ''].map((nothing) =>
      signed.parts
        .map((part) => encode(typeof part === 'string' ? (signed.values.get(part) ?? nothing) : privateKey))
        .join('|'),
    ),
  );
}

/** RFC 3986: everything but letters, digits and `-._~`. Half a surrogate pair would make encodeURIComponent throw. */
function percentEncode(value: string): string {
  return encodeURIComponent(value.toWellFormed()).replace(
    /[!'()*]/g,
    (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
