/** What the forms of a source hold while they are filled in, and what is sent of it. */
import { ApiError } from '../../api/api-error.ts';
import type { paths } from '../../api/schema.generated.ts';
import type { Source } from '../../api/types.ts';
import type { Provider } from './providers.ts';
import { randomSigningSecret } from './random-secret.ts';

type NewSource = paths['/api/v1/sources']['post']['requestBody']['content']['application/json'];
type SourceChanges = paths['/api/v1/sources/{id}']['patch']['requestBody']['content']['application/json'];

export const IDENTITY_FIELDS = ['email', 'name', 'externalId', 'cohort'] as const;
type IdentityField = (typeof IDENTITY_FIELDS)[number];

export interface SourceDraft {
  name: string;
  slug: string;
  secret: string;
  publicKey: string;
  username: string;
  password: string;
  origins: string[];
  identityFrom: Record<IdentityField, string>;
  rateLimit: number | null;
}

/** Where its learners' browsers post from, unless courses run on a domain of one's own. */
const EASYGENERATOR_ORIGIN = 'https://elearning.easygenerator.com';

export function emptyDraft(provider: Provider): SourceDraft {
  return {
    name: '',
    slug: '',
    secret: '',
    publicKey: '',
    username: provider === 'synap' ? 'gradewire' : '',
    password: '',
    origins: provider === 'easygenerator' ? [EASYGENERATOR_ORIGIN] : [],
    identityFrom: { email: '', name: '', externalId: '', cohort: '' },
    rateLimit: null,
  };
}

export function draftOf(source: Source): SourceDraft {
  return {
    name: source.name,
    slug: source.slug,
    secret: '',
    publicKey: source.publicKey ?? '',
    username: source.basicAuth?.username ?? '',
    password: '',
    origins: [...(source.allowedOrigins ?? emptyDraft(source.provider).origins)],
    identityFrom: { ...emptyDraft(source.provider).identityFrom, ...source.identityFrom },
    rateLimit: source.rateLimit,
  };
}

/** The body of POST /sources. */
export function toNewSource(provider: Provider, draft: SourceDraft): NewSource {
  const identityFrom = identityOf(draft);
  return {
    provider,
    ...(draft.name.trim() === '' ? {} : { name: draft.name.trim() }),
    ...(draft.slug.trim() === '' ? {} : { slug: draft.slug.trim() }),
    ...(provider === 'quizapi' || provider === 'standard' || provider === 'testpress'
      ? { secret: draft.secret.trim() }
      : {}),
    // Instruqt shows its secret only once it knows the URL: until it is pasted here, nothing can be signed right.
    ...(provider === 'instruqt' ? { secret: randomSigningSecret() } : {}),
    ...(provider === 'testpress' ? { publicKey: draft.publicKey.trim() } : {}),
    ...(provider === 'synap' && draft.password !== ''
      ? { basicAuth: { username: draft.username.trim(), password: draft.password } }
      : {}),
    ...(provider === 'easygenerator' ? { allowedOrigins: draft.origins } : {}),
    ...(Object.keys(identityFrom).length === 0 ? {} : { identityFrom }),
    ...(draft.rateLimit === null ? {} : { rateLimit: draft.rateLimit }),
  };
}

/** The body of PATCH /sources/{id}: what differs. */
export function toChanges(source: Source, draft: SourceDraft): SourceChanges {
  const before = draftOf(source);
  const changed = (name: keyof SourceDraft) => JSON.stringify(before[name]) !== JSON.stringify(draft[name]);
  return {
    ...(changed('name') ? { name: draft.name.trim() } : {}),
    ...(changed('slug') ? { slug: draft.slug.trim() } : {}),
    ...(changed('publicKey') ? { publicKey: draft.publicKey.trim() } : {}),
    ...(changed('origins') ? { allowedOrigins: draft.origins.length === 0 ? null : draft.origins } : {}),
    ...(changed('identityFrom') ? { identityFrom: identityOf(draft) } : {}),
    ...(changed('rateLimit') ? { rateLimit: draft.rateLimit } : {}),
    ...(source.provider === 'synap' && draft.username.trim() === '' && source.basicAuth !== null
      ? { basicAuth: null }
      : {}),
    ...(source.provider === 'synap' && draft.username.trim() !== '' && draft.password !== ''
      ? { basicAuth: { username: draft.username.trim(), password: draft.password } }
      : {}),
  };
}

function identityOf({ identityFrom }: SourceDraft): Partial<Record<IdentityField, string>> {
  return Object.fromEntries(
    Object.entries(identityFrom)
      .map(([field, parameter]) => [field, parameter.trim()])
      .filter(([, parameter]) => parameter !== ''),
  );
}

/** The server's sentences by field: `secret`, `basicAuth/password`. */
export function fieldErrors(error: unknown): Readonly<Record<string, string>> {
  if (!(error instanceof ApiError)) return {};
  return Object.fromEntries(error.details.map(({ path, message }) => [path.replace(/^body\//, ''), message]));
}
