/** What a request says about an endpoint, checked: sentences for what cannot work, ids of the database for what can. */
import type { Static } from 'typebox';
import { Value } from 'typebox/value';
import { findCohorts } from '../cohorts/find-cohorts.ts';
import { type ErrorDetail, GradewireError } from '../core/errors.ts';
import { parsePublicId } from '../core/ids.ts';
import type { JsonObject } from '../core/vocabulary.ts';
import type { Endpoint, EndpointFilter } from '../delivery/endpoint.ts';
import { blankEndpoint } from '../delivery/endpoints/blank-endpoint.ts';
import type { EndpointSettings, NewEndpoint } from '../delivery/endpoints/create-endpoint.ts';
import { joinConfig, keptSecrets, splitConfig } from '../delivery/endpoints/sealed.ts';
import { kindOf } from '../delivery/kinds/registry.ts';
import { getActivity } from '../progress/queries/get-activity.ts';
import type { HttpContext } from './context.ts';
import type { endpointChangesBody, newEndpointBody } from './contracts/endpoints.ts';
import { validationDetails } from './validation-details.ts';

type Context = Pick<HttpContext, 'db' | 'mailer' | 'outgoing'>;
type Changes = Static<typeof endpointChangesBody>;

/** The endpoint that a POST asks for. Throws `invalid_request` with details. */
export async function newEndpoint(
  context: Context,
  workspace: number,
  body: Static<typeof newEndpointBody>,
): Promise<NewEndpoint> {
  const { kind, ...told } = body;
  const {
    id: _id,
    signingSecrets: _secrets,
    createdAt: _at,
    ...made
  } = await changed(context, blankEndpoint(workspace, kind), {
    config: {},
    ...told,
  });
  return made;
}

/** What a PATCH changes: only what it names. Throws `invalid_request` with details. */
export async function endpointChanges(context: Context, before: Endpoint, body: Changes): Promise<EndpointSettings> {
  const after = await changed(context, before, body);
  const named = new Set(Object.keys(body).map((name) => (name === 'rateLimit' ? 'ratePerSecond' : name)));
  return Object.fromEntries(Object.entries(after).filter(([name]) => named.has(name)));
}

async function changed(context: Context, before: Endpoint, told: Changes): Promise<Endpoint> {
  const problems: ErrorDetail[] = [];
  const { filter, rateLimit, config, eventTypes, description, ...plain } = told;
  const after: Endpoint = {
    ...before,
    ...plain,
    ...(eventTypes === undefined ? {} : { eventTypes: [...new Set(eventTypes ?? [])] }),
    ...(description === undefined ? {} : { description: description?.trim() || null }),
    ...(rateLimit === undefined ? {} : { ratePerSecond: rateLimit?.perSecond ?? null }),
    ...(filter === undefined
      ? {}
      : { filter: await existingFilter(context, before.workspace, filter ?? {}, problems) }),
  };
  problems.push(...addressProblems(context, after, told));
  const { secretPaths, configSchema, check } = kindOf(before.kind);
  const stored = splitConfig(before.config, secretPaths);
  let kept = stored.secrets;
  if (config !== undefined) {
    const said = splitConfig(config as JsonObject, secretPaths);
    kept = keptSecrets(stored, config as JsonObject);
    after.config = joinConfig(said.shown, { ...kept, ...said.secrets });
    problems.push(...validationDetails('body/config', Value.Errors(configSchema, after.config)));
  }
  if (problems.length === 0) problems.push(...movedSecrets(before, after, Object.keys(kept)));
  if (problems.length === 0) {
    problems.push(
      ...check(after, { mailer: context.mailer, http: context.outgoing }).map(({ path, message }) => ({
        path: inBody(path),
        message,
      })),
    );
  }
  if (problems.length > 0) throw new GradewireError('invalid_request', undefined, { details: problems });
  return after;
}

/** What is wrong with where it is. */
function addressProblems({ mailer, outgoing }: Context, after: Endpoint, told: Changes): ErrorDetail[] {
  if (after.kind === 'email') {
    const problems: ErrorDetail[] = [];
    if (told.url !== undefined) {
      problems.push({ path: 'body/url', message: 'A mail has no URL. Leave it out and name the address in `to`.' });
    }
    if (after.to === null) {
      problems.push({
        path: 'body/to',
        message: 'Who gets the mails? Give an address, or `learner` for the learner whom the event is about.',
      });
    }
    if (mailer === null) {
      problems.push({
        path: 'body/kind',
        message: 'This server cannot send mail yet. Have its operator set SMTP_URL, then try again.',
      });
    }
    return problems;
  }
  const problems: ErrorDetail[] = [];
  if (told.to !== undefined) {
    problems.push({
      path: 'body/to',
      message: 'Only endpoints of kind email have `to`. Leave it out and give a `url`.',
    });
  }
  if (after.url === null) {
    problems.push({ path: 'body/url', message: 'Where are events to be sent? Give an https URL.' });
  } else if (told.url !== undefined) {
    const message = outgoing.urlProblem(told.url);
    if (message !== null) problems.push({ path: 'body/url', message });
  }
  return problems;
}

/** The filter with the ids of the database; ids of nothing become problems. */
async function existingFilter(
  { db }: Context,
  workspace: number,
  told: NonNullable<Changes['filter']>,
  problems: ErrorDetail[],
): Promise<EndpointFilter> {
  const { provider, activity, cohort, outcome, verification } = told;
  const filter: EndpointFilter = {
    ...(provider == null ? {} : { provider }),
    ...(outcome == null ? {} : { outcome }),
    ...(verification == null ? {} : { verification }),
  };
  if (activity != null) {
    const id = parsePublicId('act', activity);
    if (id !== null && (await getActivity(db, workspace, id)) !== null) filter.activity = id;
    else {
      const message = 'No activity has this id. GET /api/v1/activities lists them.';
      problems.push({ path: 'body/filter/activity', message });
    }
  }
  if (cohort != null) {
    const id = parsePublicId('coh', cohort);
    if (id !== null && (await findCohorts(db, workspace, [id])).length > 0) filter.cohort = id;
    else {
      problems.push({ path: 'body/filter/cohort', message: 'No cohort has this id. GET /api/v1/cohorts lists them.' });
    }
  }
  return filter;
}

/**
 * Secrets never come back, and whoever may change an endpoint could have them sent to an address of their own: when the
 * host they go to changes, those that were kept have to be given again.
 */
function movedSecrets(before: Endpoint, after: Endpoint, kept: readonly string[]): ErrorDetail[] {
  const hosts = (endpoint: Endpoint): string => JSON.stringify([hostOf(endpoint.url), tokenHostOf(endpoint.config)]);
  if (before.url === null || hosts(before) === hosts(after)) return [];
  return kept.map((path) => ({
    path: inBody(`config.${path}`),
    message:
      'It goes to another host now, so give this secret again: the one that is kept is only sent where it was meant to go.',
  }));
}

function hostOf(url: string | null): string | null {
  return url !== null && URL.canParse(url) ? new URL(url).hostname : null;
}

/** OAuth 2 sends the client's secret elsewhere. */
function tokenHostOf({ auth }: JsonObject): string | null {
  if (typeof auth !== 'object' || auth === null || Array.isArray(auth)) return null;
  return typeof auth.tokenUrl === 'string' ? hostOf(auth.tokenUrl) : null;
}

/** Kinds name places as they know them; callers, as they wrote them. */
function inBody(path: string): string {
  return path.startsWith('body/') ? path : `body/${path.replaceAll('.', '/')}`;
}
