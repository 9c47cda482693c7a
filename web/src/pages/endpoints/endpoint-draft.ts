/** What the forms of an endpoint hold while they are filled in, and what is sent of it. */
import { ApiError } from '../../api/api-error.ts';
import type { paths } from '../../api/schema.generated.ts';
import type { Answer } from '../../api/types.ts';
import { viewerTimeZone } from '../../shell/filters.ts';
import { type AuthDraft, authConfig, authOf } from './auth-draft.ts';
import { type Choice, choiceOf, kindOfChoice, PRESETS } from './choices.ts';
import type { EventType } from './event-types.ts';

export type Endpoint = Answer<'/api/v1/endpoints/{id}'>;
export type NewEndpoint = paths['/api/v1/endpoints']['post']['requestBody']['content']['application/json'];
export type EndpointChanges = paths['/api/v1/endpoints/{id}']['patch']['requestBody']['content']['application/json'];
type Config = Record<string, unknown>;

export const FILTERS = ['provider', 'activity', 'cohort', 'outcome', 'verification'] as const;
export const METHODS = ['POST', 'PUT', 'PATCH'] as const;
export const ACTORS = ['source', 'account', 'mbox'] as const;
export const LANGUAGES = ['en', 'de'] as const;

export interface HeaderDraft {
  name: string;
  value: string;
  /** Kept sealed, never shown again. */
  secret: boolean;
}

export interface EndpointDraft {
  choice: Choice;
  url: string;
  to: string;
  description: string;
  /** None: all. */
  eventTypes: EventType[];
  /** Empty: whatever it is. */
  filter: Record<(typeof FILTERS)[number], string>;
  personalData: Endpoint['personalData'];
  perSecond: number | null;
  ordered: boolean;
  method: (typeof METHODS)[number];
  headers: HeaderDraft[];
  auth: AuthDraft;
  template: string;
  contentType: string;
  hubspotEvent: string;
  actor: (typeof ACTORS)[number];
  activityBase: string;
  subject: string;
  text: string;
  /** Of mails. */
  language: (typeof LANGUAGES)[number];
  timeZone: string;
  /** Mails to one learner within an hour; null: the server's own limit. */
  perHour: number | null;
  /** Settings that the form does not know: they stay as they are. */
  rest: Config;
}

const NO_FILTER = { provider: '', activity: '', cohort: '', outcome: '', verification: '' };

export function emptyDraft(choice: Choice): EndpointDraft {
  return {
    choice,
    url: choice === 'hubspot' ? 'https://api.hubapi.com/events/v3/send' : '',
    to: choice === 'learner' ? 'learner' : '',
    description: '',
    // What these receivers are for; every answered question would flood a channel or a mailbox.
    eventTypes: choice === 'webhook' || choice === 'xapi' ? [] : ['attempt.completed'],
    filter: { ...NO_FILTER },
    personalData: 'full',
    perSecond: null,
    ordered: false,
    method: 'POST',
    headers: [],
    auth: authOf(
      {},
      choice === 'hubspot' ? 'bearer' : choice === 'salesforce' ? 'oauth2' : choice === 'xapi' ? 'basic' : 'none',
    ),
    template: '',
    contentType: '',
    hubspotEvent: '',
    actor: 'source',
    activityBase: '',
    subject: '',
    text: '',
    language: LANGUAGES.find((name) => name === document.documentElement.lang) ?? 'en',
    timeZone: viewerTimeZone,
    perHour: null,
    rest: {},
  };
}

export function draftOf(endpoint: Endpoint): EndpointDraft {
  const { config } = endpoint;
  const {
    method,
    headers,
    secretHeaders,
    auth,
    preset,
    template,
    contentType,
    hubspotEvent,
    xapi,
    activityBase,
    subject,
    language,
    timeZone,
    perLearnerPerHour,
    ...rest
  } = config;
  const choice = choiceOf(endpoint.kind, preset, endpoint.to);
  return {
    ...emptyDraft(choice),
    url: endpoint.url ?? '',
    to: endpoint.to ?? '',
    description: endpoint.description ?? '',
    eventTypes: [...endpoint.eventTypes],
    filter: { ...NO_FILTER, ...endpoint.filter },
    personalData: endpoint.personalData,
    perSecond: endpoint.rateLimit?.perSecond ?? null,
    ordered: endpoint.ordered,
    method: METHODS.find((name) => name === method) ?? 'POST',
    headers: Object.entries(recordOf(headers)).map(([name, value]) => ({ name, value: String(value), secret: false })),
    auth: authOf(recordOf(auth)),
    template: endpoint.kind === 'email' ? '' : textOf(template),
    contentType: textOf(contentType),
    hubspotEvent: textOf(hubspotEvent),
    actor: ACTORS.find((name) => name === recordOf(xapi).actor) ?? 'source',
    activityBase: textOf(activityBase),
    subject: textOf(subject),
    text: endpoint.kind === 'email' ? textOf(template) : '',
    language: LANGUAGES.find((name) => name === language) ?? 'en',
    timeZone: textOf(timeZone),
    perHour: typeof perLearnerPerHour === 'number' ? perLearnerPerHour : null,
    rest: { ...rest, ...(xapi === undefined ? {} : { xapi }) },
  };
}

/** The body of POST /endpoints. */
export function toNewEndpoint(draft: EndpointDraft): NewEndpoint {
  const kind = kindOfChoice(draft.choice);
  const filter = filterOf(draft);
  const config = configOf(draft);
  return {
    kind,
    ...(kind === 'email' ? { to: draft.to.trim() } : { url: draft.url.trim() }),
    ...(draft.description.trim() === '' ? {} : { description: draft.description.trim() }),
    ...(draft.eventTypes.length === 0 ? {} : { eventTypes: draft.eventTypes }),
    ...(Object.keys(filter).length === 0 ? {} : { filter }),
    ...(draft.perSecond === null ? {} : { rateLimit: { perSecond: draft.perSecond } }),
    ...(draft.ordered ? { ordered: true } : {}),
    personalData: draft.personalData,
    ...(Object.keys(config).length === 0 ? {} : { config }),
  };
}

const CONFIG_FIELDS = [
  'method',
  'headers',
  'auth',
  'template',
  'contentType',
  'hubspotEvent',
  'actor',
  'activityBase',
  'subject',
  'text',
  'language',
  'timeZone',
  'perHour',
] as const satisfies readonly (keyof EndpointDraft)[];

/** The body of PATCH /endpoints/{id}: what differs. Secrets that were not typed anew stay. */
export function toChanges(endpoint: Endpoint, draft: EndpointDraft): EndpointChanges {
  const before = draftOf(endpoint);
  const changed = (...names: (keyof EndpointDraft)[]) =>
    names.some((name) => JSON.stringify(before[name]) !== JSON.stringify(draft[name]));
  return {
    ...(changed('url') ? { url: draft.url.trim() } : {}),
    ...(changed('to') ? { to: draft.to.trim() } : {}),
    ...(changed('description')
      ? { description: draft.description.trim() === '' ? null : draft.description.trim() }
      : {}),
    ...(changed('eventTypes') ? { eventTypes: draft.eventTypes } : {}),
    ...(changed('filter') ? { filter: filterOf(draft) } : {}),
    ...(changed('perSecond') ? { rateLimit: draft.perSecond === null ? null : { perSecond: draft.perSecond } } : {}),
    ...(changed('ordered') ? { ordered: draft.ordered } : {}),
    ...(changed('personalData') ? { personalData: draft.personalData } : {}),
    ...(changed(...CONFIG_FIELDS) ? { config: configOf(draft) } : {}),
  };
}

/** `config` as the endpoint's kind takes it; what is not said is left out. */
export function configOf(draft: EndpointDraft): Config {
  const kind = kindOfChoice(draft.choice);
  const auth = authConfig(draft.auth);
  const said = (config: Config) =>
    Object.fromEntries(Object.entries(config).filter(([, value]) => value !== undefined && value !== ''));
  if (kind === 'email') {
    const { language, timeZone, perHour } = draft;
    const words = { subject: draft.subject.trim(), template: draft.text.trim() };
    return said({ ...draft.rest, ...words, language, timeZone, perLearnerPerHour: perHour ?? undefined });
  }
  if (kind === 'xapi') {
    const xapi = { ...recordOf(draft.rest.xapi), actor: draft.actor };
    return said({ ...draft.rest, xapi, auth, activityBase: draft.activityBase.trim() });
  }
  const preset = PRESETS.find((name) => name === draft.choice);
  const template = preset === undefined ? draft.template.trim() : '';
  return said({
    ...draft.rest,
    method: draft.method === 'POST' ? undefined : draft.method,
    headers: headersOf(draft, false),
    secretHeaders: headersOf(draft, true),
    auth,
    preset,
    hubspotEvent: preset === 'hubspot' ? draft.hubspotEvent.trim() : undefined,
    template,
    contentType: template === '' ? undefined : draft.contentType.trim(),
  });
}

/** Fields that must be filled in and are not. `known`: secrets that the server keeps already. */
export function missingFields(draft: EndpointDraft, known: readonly string[]): Set<string> {
  const missing = new Set<string>();
  const need = (path: string, value: string) => {
    if (value.trim() === '' && !known.includes(path.replace(/^config\./, ''))) missing.add(path.replaceAll('.', '/'));
  };
  if (kindOfChoice(draft.choice) === 'email') need('to', draft.to);
  else need('url', draft.url);
  if (draft.choice === 'hubspot') need('config.hubspotEvent', draft.hubspotEvent);
  const { auth } = draft;
  if (auth.type === 'basic') {
    need('config.auth.username', auth.username);
    need('config.auth.password', auth.password);
  }
  if (auth.type === 'bearer') need('config.auth.token', auth.token);
  if (auth.type === 'oauth2') {
    need('config.auth.tokenUrl', auth.tokenUrl);
    need('config.auth.clientId', auth.clientId);
    need('config.auth.clientSecret', auth.clientSecret);
  }
  return missing;
}

function filterOf({ filter }: EndpointDraft): NonNullable<NewEndpoint['filter']> {
  // The choices of each come from the server's own words, so nothing else can stand in them.
  return Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== '')) as NonNullable<
    NewEndpoint['filter']
  >;
}

function headersOf(draft: EndpointDraft, secret: boolean): Record<string, string> | undefined {
  const found = draft.headers.filter((header) => header.secret === secret && header.name.trim() !== '');
  return found.length === 0 ? undefined : Object.fromEntries(found.map(({ name, value }) => [name.trim(), value]));
}

function recordOf(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** The server's sentences by field: `url`, `config/auth/token`. */
export function fieldErrors(error: unknown): Readonly<Record<string, string>> {
  if (!(error instanceof ApiError)) return {};
  return Object.fromEntries(
    error.details.map(({ path, message }) => [path.replace(/^body\//, '').replaceAll('.', '/'), message]),
  );
}
