/** The HTTP app, built apart from listening: tests call `inject`, compose.ts hands requests to `routing`. */

import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import { TypeBoxValidatorCompiler } from '@fastify/type-provider-typebox';
import Fastify, { LogController } from 'fastify';
import { recordAudit } from './audit.ts';
import { authenticate } from './authenticate.ts';
import type { App, HttpContext } from './context.ts';
import { handleError } from './error-handler.ts';
import { followMerges } from './follow-merges.ts';
import { secureHeaders } from './headers.ts';
import { notFound } from './not-found.ts';
import { collectOpenapi } from './openapi.ts';
import { refuseNul } from './refuse-nul.ts';
import { activitiesRoutes } from './routes/activities.ts';
import { activityFiguresRoutes } from './routes/activity-figures.ts';
import { activityItemsRoutes } from './routes/activity-items.ts';
import { attemptsRoutes } from './routes/attempts.ts';
import { attentionRoutes } from './routes/attention.ts';
import { auditRoutes } from './routes/audit.ts';
import { authRoutes } from './routes/auth.ts';
import { cohortMembersRoutes } from './routes/cohort-members.ts';
import { cohortsRoutes } from './routes/cohorts.ts';
import { confirmRoutes } from './routes/confirm.ts';
import { deliveriesRoutes } from './routes/deliveries.ts';
import { docsRoutes } from './routes/docs.ts';
import { endpointPreviewRoutes } from './routes/endpoint-preview.ts';
import { endpointWorkRoutes } from './routes/endpoint-work.ts';
import { endpointsRoutes } from './routes/endpoints.ts';
import { eraseRoutes } from './routes/erase.ts';
import { eventTypesRoutes } from './routes/event-types.ts';
import { eventsRoutes } from './routes/events.ts';
import { explainRoutes } from './routes/explain.ts';
import { exportRoutes } from './routes/export.ts';
import { healthRoutes } from './routes/health.ts';
import { homeRoutes } from './routes/home.ts';
import { invitationsRoutes } from './routes/invitations.ts';
import { keysRoutes } from './routes/keys.ts';
import { learnerProgressRoutes } from './routes/learner-progress.ts';
import { learnersRoutes } from './routes/learners.ts';
import { liveRoutes } from './routes/live.ts';
import { meRoutes } from './routes/me.ts';
import { membersRoutes } from './routes/members.ts';
import { mergeRoutes } from './routes/merge.ts';
import { overviewRoutes } from './routes/overview.ts';
import { receiptsRoutes } from './routes/receipts.ts';
import { rejectionsRoutes } from './routes/rejections.ts';
import { rosterRoutes } from './routes/roster.ts';
import { runningRoutes } from './routes/running.ts';
import { sessionsRoutes } from './routes/sessions.ts';
import { setupRoutes } from './routes/setup.ts';
import { sourceHealthRoutes } from './routes/source-health.ts';
import { sourcesRoutes } from './routes/sources.ts';
import { studentsRoutes } from './routes/students.ts';
import { studentsStreamRoutes } from './routes/students-stream.ts';
import { suggestionsRoutes } from './routes/suggestions.ts';
import { ticketsRoutes } from './routes/tickets.ts';
import { unsubscribeRoutes } from './routes/unsubscribe.ts';
import { workspaceRoutes } from './routes/workspace.ts';
import { workspacesRoutes } from './routes/workspaces.ts';
import { webFiles } from './web-files.ts';

/** Nothing the API takes is larger; prevents bodies from filling the memory. */
const BODY_LIMIT = 1024 * 1024;
/**
 * The last resort against a wait without end, such as for a lock that somebody took by hand; a database that froze is told
 * much sooner (src/db/frozen.ts). Streams do not count.
 */
const HANDLER_TIMEOUT_MS = 60_000;

/** Two hundred schemas compiled at the start would hold it up, and most processes are asked for a few of the routes only. */
const compileAtFirstUse: typeof TypeBoxValidatorCompiler = (route) => {
  let validate: ReturnType<typeof TypeBoxValidatorCompiler> | undefined;
  return (value) => {
    validate ??= TypeBoxValidatorCompiler(route);
    return validate(value);
  };
};

/** The app with all routes. `ready()` must be awaited before `routing` is used. */
export function buildApp(context: HttpContext): App {
  const app: App = Fastify({
    loggerInstance: context.log,
    // Our own line below: Fastify's would hold the URL, and a ticket may stand in it.
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: BODY_LIMIT,
    handlerTimeout: HANDLER_TIMEOUT_MS,
    trustProxy: [...context.settings.trustedProxies],
    // Ids come from our own lists; a longer one is no id.
    routerOptions: { maxParamLength: 500 },
    frameworkErrors: handleError,
  }).withTypeProvider<TypeBoxTypeProvider>();
  app.setValidatorCompiler(compileAtFirstUse);
  // Answers are typed by their schemas and checked against them in the tests; compiling a serializer for each would
  // only drop what a schema forgot, without a word.
  app.setSerializerCompiler(() => (data) => JSON.stringify(data));
  app.setErrorHandler(handleError);
  // Many clients name the type of a body that they do not send; Fastify alone would refuse that.
  const parseJson = app.getDefaultJsonParser('error', 'error');
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (request, body, done) => {
    if (body.length === 0) done(null, undefined);
    else parseJson(request, body.toString(), done);
  });
  app.addHook('onClose', () => context.keyring.idle());
  app.addHook('onResponse', async (request, reply) => {
    request.log.debug(
      {
        method: request.method,
        route: request.routeOptions.url,
        status: reply.statusCode,
        ms: Math.round(reply.elapsedTime),
        key: request.principal?.keyId,
      },
      'request',
    );
  });
  secureHeaders(app, context.settings);
  authenticate(app, context);
  followMerges(app, context);
  recordAudit(app, context);
  const web = context.settings.roles.has('api') ? webFiles(app, context.webDir) : null;
  notFound(app, web);
  refuseNul(app);
  collectOpenapi(app, context);
  app.register(async (routes: App) => {
    homeRoutes(routes, context, web);
    healthRoutes(routes, context);
    if (!context.settings.roles.has('api')) return;
    docsRoutes(routes);
    authRoutes(routes, context);
    setupRoutes(routes, context);
    meRoutes(routes, context);
    sessionsRoutes(routes, context);
    membersRoutes(routes, context);
    invitationsRoutes(routes, context);
    workspaceRoutes(routes, context);
    auditRoutes(routes, context);
    keysRoutes(routes, context);
    ticketsRoutes(routes, context);
    workspacesRoutes(routes, context);
    unsubscribeRoutes(routes, context);
    sourcesRoutes(routes, context);
    sourceHealthRoutes(routes, context);
    receiptsRoutes(routes, context);
    rejectionsRoutes(routes, context);
    eventsRoutes(routes, context);
    eventTypesRoutes(routes);
    endpointsRoutes(routes, context);
    endpointWorkRoutes(routes, context);
    endpointPreviewRoutes(routes, context);
    deliveriesRoutes(routes, context);
    cohortsRoutes(routes, context);
    cohortMembersRoutes(routes, context);
    rosterRoutes(routes, context);
    learnersRoutes(routes, context);
    suggestionsRoutes(routes, context);
    mergeRoutes(routes, context);
    eraseRoutes(routes, context);
    learnerProgressRoutes(routes, context);
    attemptsRoutes(routes, context);
    confirmRoutes(routes, context);
    exportRoutes(routes, context);
    activitiesRoutes(routes, context);
    activityFiguresRoutes(routes, context);
    activityItemsRoutes(routes, context);
    overviewRoutes(routes, context);
    explainRoutes(routes, context);
    attentionRoutes(routes, context);
    runningRoutes(routes, context);
    studentsRoutes(routes, context);
    liveRoutes(routes, context);
    studentsStreamRoutes(routes, context);
  });
  return app;
}
