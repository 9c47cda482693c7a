/** What may stand in a source's settings: the checks that create, patch and rotate share. */
import type { Adapter } from '../adapters/adapter.ts';
import { type ErrorDetail, GradewireError } from '../core/errors.ts';
import type { IdentityFrom } from './source.ts';

/** Settings as callers give them; undefined: not said. */
export interface SourceSettings {
  slug?: string | undefined;
  name?: string | undefined;
  secret?: string | undefined;
  publicKey?: string | undefined;
  basicAuth?: { username: string; password: string } | null | undefined;
  allowedOrigins?: readonly string[] | null | undefined;
  identityFrom?: IdentityFrom | undefined;
  rateLimit?: number | null | undefined;
}

const SLUG = /^[a-z0-9-]{1,63}$/;
const WHSEC = /^whsec_([A-Za-z0-9+/]+={0,2})$/;
const IDENTITY_FIELDS = new Set(['email', 'externalId', 'name', 'cohort']);
/** Longer texts than this are mistakes (a pasted file), and every request would carry their cost. */
const LONGEST_TEXT = 1000;
const MOST_ORIGINS = 50;

/** Collects what does not fit; `path` is that of the request's body, e.g. `body/slug`. */
export function checkSettings(settings: SourceSettings, adapter: Adapter): ErrorDetail[] {
  const details: ErrorDetail[] = [];
  const refuse = (field: string, message: string): void => {
    details.push({ path: `body/${field}`, message });
  };
  const { slug, name, secret, publicKey, basicAuth, allowedOrigins, identityFrom, rateLimit } = settings;
  if (slug !== undefined && !SLUG.test(slug)) {
    refuse('slug', 'A slug is part of a URL: use 1 to 63 of a to z, 0 to 9 and -.');
  }
  if (name !== undefined && !isText(name, 200)) refuse('name', 'Give a name of 1 to 200 characters, or leave it out.');
  if (secret !== undefined) checkSecret(secret, adapter, refuse);
  if (publicKey !== undefined) {
    if (!adapter.needs.publicKey) refuse('publicKey', `${adapter.title} has no public key. Leave it out.`);
    else if (!isText(publicKey, LONGEST_TEXT)) refuse('publicKey', 'Paste the public key that the platform shows.');
  }
  if (basicAuth !== undefined && basicAuth !== null) checkBasicAuth(basicAuth, adapter, refuse);
  if (allowedOrigins !== undefined && allowedOrigins !== null) checkOrigins(allowedOrigins, refuse);
  if (identityFrom !== undefined) checkIdentityFrom(identityFrom, refuse);
  if (rateLimit !== undefined && rateLimit !== null) {
    if (!Number.isInteger(rateLimit) || rateLimit < 1 || rateLimit > 1_000_000) {
      refuse('rateLimit', 'Give whole requests a second, 1 or more; null switches the limit off.');
    }
  }
  return details;
}

/** What a new source of this platform cannot do without. */
export function checkNeeds(settings: SourceSettings, adapter: Adapter): ErrorDetail[] {
  const details: ErrorDetail[] = [];
  if (adapter.needs.secret && settings.secret === undefined) {
    // We could make one up, but secrets never come back from the API, so nobody could tell it to the platform.
    details.push({
      path: 'body/secret',
      message: `${adapter.title} signs its webhooks. Paste the ${adapter.needs.publicKey ? 'private key' : 'signing secret'} that it shows.`,
    });
  }
  if (adapter.needs.publicKey && settings.publicKey === undefined) {
    details.push({ path: 'body/publicKey', message: `Paste the public key that ${adapter.title} shows.` });
  }
  return details;
}

/** Throws `invalid_request` with the details when there are any. */
export function refuseIf(details: readonly ErrorDetail[]): void {
  if (details.length > 0) throw new GradewireError('invalid_request', undefined, { details });
}

type Refuse = (field: string, message: string) => void;

function checkSecret(secret: string, adapter: Adapter, refuse: Refuse): void {
  if (!adapter.needs.secret) {
    refuse('secret', `${adapter.title} signs nothing, so there is no secret to keep. Leave it out.`);
    return;
  }
  if (!isText(secret, LONGEST_TEXT)) {
    refuse('secret', 'Paste the secret that the platform shows, without line breaks.');
    return;
  }
  // Svix and Standard Webhooks use the bytes behind the prefix; text that is not base64 would verify nothing, silently.
  const standard = adapter.provider === 'instruqt' || adapter.provider === 'standard';
  if (!standard) return;
  const bytes = Buffer.from(secret.startsWith('whsec_') ? secret.slice(6) : secret, 'base64');
  if (!WHSEC.test(secret.startsWith('whsec_') ? secret : `whsec_${secret}`) || bytes.byteLength === 0) {
    refuse('secret', 'This secret is `whsec_` and base64. Paste it whole, as the platform shows it.');
  }
}

function checkBasicAuth(basicAuth: { username: string; password: string }, adapter: Adapter, refuse: Refuse): void {
  if (adapter.needs.basicAuth === 'never') {
    refuse('basicAuth', `${adapter.title} sends no user name and password. Leave it out.`);
    return;
  }
  // RFC 7617: a colon ends the user name.
  if (!isText(basicAuth.username, 255) || basicAuth.username.includes(':')) {
    refuse('basicAuth/username', 'Give a user name of 1 to 255 characters without a colon.');
  }
  if (!isText(basicAuth.password, 255)) refuse('basicAuth/password', 'Give a password of 1 to 255 characters.');
}

function checkOrigins(origins: readonly string[], refuse: Refuse): void {
  if (origins.length > MOST_ORIGINS) refuse('allowedOrigins', `Name at most ${MOST_ORIGINS} origins.`);
  origins.forEach((origin, index) => {
    if (origin !== '*' && !isOrigin(origin)) {
      refuse(
        `allowedOrigins/${index}`,
        'An origin is a scheme and a host, such as https://elearning.easygenerator.com, without a path; * allows all.',
      );
    }
  });
}

function isOrigin(text: string): boolean {
  try {
    const url = new URL(text);
    return (url.protocol === 'https:' || url.protocol === 'http:') && url.origin === text;
  } catch {
    return false;
  }
}

function checkIdentityFrom(identityFrom: IdentityFrom, refuse: Refuse): void {
  for (const [field, parameter] of Object.entries(identityFrom)) {
    if (!IDENTITY_FIELDS.has(field))
      refuse(`identityFrom/${field}`, 'Only email, externalId, name and cohort can be read.');
    else if (!isText(parameter, 200))
      refuse(`identityFrom/${field}`, 'Give the name of a custom parameter or attribute.');
  }
}

/** 1 to `longest` characters, none of them a control character (a NUL would not even be stored). */
function isText(value: unknown, longest: number): value is string {
  return typeof value === 'string' && value.length > 0 && value.length <= longest && !/[\p{Cc}\p{Cs}]/u.test(value);
}
