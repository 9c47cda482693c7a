/** Files to take away: attempts as a table, and everything about one person. */
import type { Readable } from 'node:stream';
import type { FastifyReply } from 'fastify';
import { Type } from 'typebox';
import { exportAttempts, exportName } from '../../exports/export-attempts.ts';
import { CONTENT_TYPES, EXPORT_FORMATS } from '../../exports/formats.ts';
import { exportLearner } from '../../people/export-learner.ts';
import { cohortScope, principalOf, requireLearner } from '../access.ts';
import type { App, HttpContext } from '../context.ts';
import { attemptsQuery } from '../contracts/attempt.ts';
import { filterId, idParams, instantOf } from '../contracts/common.ts';
import { sourceFilter } from '../source-filter.ts';
import { visibleLearner } from './learners.ts';

const tags = ['Progress'];
/** A million rows over a slow line take their time; what fails is noticed when the line breaks. */
const TIMEOUT_MS = 24 * 3600 * 1000;

export function exportRoutes(app: App, { db }: HttpContext): void {
  app.get(
    '/api/v1/export/attempts',
    {
      config: { access: ['admin', 'instructor'] },
      handlerTimeout: TIMEOUT_MS,
      schema: {
        tags,
        summary: 'Attempts as a file, newest first',
        description:
          'As large as they are: the file is streamed. Texts that a spreadsheet would run as formulas have an apostrophe before ' +
          'them in CSV and XLSX; numbers stay numbers. Times are UTC. NDJSON holds the attempt of GET attempts, one a line.',
        querystring: Type.Object({
          ...attemptsQuery,
          format: Type.Optional(Type.Enum([...EXPORT_FORMATS], { description: 'csv when not said.' })),
        }),
        produces: Object.values(CONTENT_TYPES),
      },
    },
    async (request, reply) => {
      const { query } = request;
      const principal = principalOf(request);
      const { workspace } = principal;
      const learnerId = filterId('lrn', query.learner, 'query/learner');
      const filter = {
        learnerId,
        activityId: filterId('act', query.activity, 'query/activity'),
        sourceId: await sourceFilter(db, workspace, query.source),
        state: query.state,
        cohorts: cohortScope(principal, query.cohort),
        from: instantOf(query.from, 'query/from') ?? undefined,
        to: instantOf(query.to, 'query/to') ?? undefined,
      };
      if (learnerId !== undefined) await requireLearner(db, principal, learnerId);
      const format = query.format ?? 'csv';
      return send(reply, exportAttempts(db, workspace, filter, format), {
        type: CONTENT_TYPES[format],
        name: exportName(format, new Date()),
      });
    },
  );

  app.get(
    '/api/v1/learners/:id/export',
    {
      config: { access: ['admin'] },
      handlerTimeout: TIMEOUT_MS,
      schema: {
        tags,
        summary: 'Everything about one person',
        description: 'Identities, classes, flags, attempts with answers, events, and the webhooks as they came.',
        params: idParams,
        produces: ['application/json'],
      },
    },
    async (request, reply) => {
      const principal = principalOf(request);
      const learner = await visibleLearner(db, principal, request.params.id);
      return send(reply, exportLearner(db, principal.workspace, learner), {
        type: 'application/json; charset=utf-8',
        name: `gradewire-${request.params.id}.json`,
      });
    },
  );
}

/** Names are made of our own letters and digits, so they need no quoting rules. */
function send(reply: FastifyReply, body: Readable, file: { type: string; name: string }): FastifyReply {
  return reply
    .header('content-type', file.type)
    .header('content-disposition', `attachment; filename="${file.name}"`)
    .send(body);
}
