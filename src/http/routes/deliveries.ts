/** Deliveries: the log of what went where, one with its tries, and what is done about one by hand. */
import { Type } from 'typebox';
import { GradewireError } from '../../core/errors.ts';
import type { Uuid } from '../../core/ids.ts';
import type { Queryable } from '../../db/database.ts';
import type { Delivery } from '../../delivery/log/delivery.ts';
import { deliveryPeople } from '../../delivery/log/delivery-people.ts';
import { getDelivery } from '../../delivery/log/get-delivery.ts';
import { type DeliveryFilter, listDeliveries } from '../../delivery/log/list-deliveries.ts';
import { retryDelivery } from '../../delivery/log/retry-delivery.ts';
import { skipDelivery } from '../../delivery/log/skip-delivery.ts';
import { getAttempt } from '../../progress/queries/get-attempt.ts';
import { principalOf, requireLearner } from '../access.ts';
import type { App, HttpContext, Principal } from '../context.ts';
import { filterId, idParams, instantOf, invalid, uuidOf } from '../contracts/common.ts';
import { idCursor } from '../contracts/cursor.ts';
import { deliveriesQuery, deliverySchema, wholeDeliverySchema } from '../contracts/deliveries.ts';
import { deliveryAnswer, wholeDeliveryAnswer } from '../delivery-answer.ts';
import { decodeCursor, limitOf, pageOf, pageQuery, toPage } from '../pagination.ts';
import { sentBody } from '../sent-body.ts';

const tags = ['Endpoints'];
const config = { access: ['admin', 'integration'] } as const;

export function deliveriesRoutes(app: App, context: HttpContext): void {
  const { db } = context;
  const found = async (workspace: number, id: Uuid) => {
    const delivery = await getDelivery(db, workspace, id);
    if (delivery !== null) return delivery;
    throw new GradewireError('not_found', 'No delivery has this id. GET /api/v1/deliveries lists them.');
  };

  const aboutOne = async (workspace: number, delivery: Delivery) =>
    (await deliveryPeople(db, workspace, [delivery])).get(delivery.id);

  app.get(
    '/api/v1/deliveries',
    {
      config: { access: ['admin', 'integration', 'instructor'] },
      schema: {
        tags,
        summary: 'List deliveries, newest first',
        description:
          'Instructors name a learner or an attempt that they may see: where it was passed on to, and whether it got there.',
        querystring: Type.Object({ ...pageQuery, ...deliveriesQuery }),
        response: { 200: pageOf(deliverySchema) },
      },
    },
    async (request) => {
      const { query } = request;
      const principal = principalOf(request);
      const limit = limitOf(query);
      const [after = null] = decodeCursor(idCursor, query.cursor) ?? [];
      const filter = {
        endpointId: filterId('end', query.endpoint, 'query/endpoint'),
        status: query.status,
        eventType: query.eventType,
        eventId: filterId('evt', query.event, 'query/event'),
        ...(await aboutWhom(db, principal, query)),
        from: instantOf(query.from, 'query/from') ?? undefined,
        to: instantOf(query.to, 'query/to') ?? undefined,
      };
      const rows = await listDeliveries(db, principal.workspace, filter, { after, limit: limit + 1 });
      const about = await deliveryPeople(db, principal.workspace, rows);
      return toPage(
        rows,
        limit,
        (row) => deliveryAnswer(row, about.get(row.id)),
        (row) => [row.id],
      );
    },
  );

  app.get(
    '/api/v1/deliveries/:id',
    {
      config,
      schema: {
        tags,
        summary: 'One delivery with request and response of every try',
        params: idParams,
        response: { 200: wholeDeliverySchema },
      },
    },
    async (request) => {
      const { workspace } = principalOf(request);
      const delivery = await found(workspace, uuidOf('dlv', request.params.id));
      const sent = await sentBody(context, workspace, delivery);
      return wholeDeliveryAnswer(delivery, sent, await aboutOne(workspace, delivery));
    },
  );

  app.post(
    '/api/v1/deliveries/:id/retry',
    {
      config,
      schema: {
        tags,
        summary: 'Send it now',
        description: 'One that waits goes first; one that is done is sent again, with the same `webhook-id`.',
        params: idParams,
        response: { 202: deliverySchema },
      },
    },
    async (request, reply) => {
      const { workspace } = principalOf(request);
      const { id } = await found(workspace, uuidOf('dlv', request.params.id));
      if (!(await retryDelivery(db, workspace, id))) {
        throw new GradewireError('conflict', 'Its endpoint was removed, so there is nowhere to send it.');
      }
      const delivery = await found(workspace, id);
      return reply.code(202).send(deliveryAnswer(delivery, await aboutOne(workspace, delivery)));
    },
  );

  app.post(
    '/api/v1/deliveries/:id/skip',
    {
      config,
      schema: {
        tags,
        summary: 'Do not send it',
        description: 'Where order is kept, what waited for it goes on.',
        params: idParams,
        response: { 200: deliverySchema },
      },
    },
    async (request) => {
      const { workspace } = principalOf(request);
      const { id, status } = await found(workspace, uuidOf('dlv', request.params.id));
      if (!(await skipDelivery(db, workspace, id))) {
        throw new GradewireError('conflict', `Only deliveries that wait can be skipped; this one is ${status}.`);
      }
      const delivery = await found(workspace, id);
      return deliveryAnswer(delivery, await aboutOne(workspace, delivery));
    },
  );
}

/** The learner and the attempt that the log is narrowed to. Who only sees learners must name one of theirs (403). */
async function aboutWhom(
  db: Queryable,
  principal: Principal,
  query: { learner?: string; attempt?: string },
): Promise<Pick<DeliveryFilter, 'learnerId' | 'attemptId'>> {
  const learnerId = filterId('lrn', query.learner, 'query/learner');
  const attemptId = filterId('att', query.attempt, 'query/attempt');
  if (principal.role === 'instructor' && learnerId === undefined && attemptId === undefined) {
    throw new GradewireError(
      'forbidden',
      'You see where a learner’s results went: name one with `learner=`, or an attempt with `attempt=`.',
    );
  }
  if (learnerId !== undefined) await requireLearner(db, principal, learnerId);
  if (attemptId !== undefined) {
    const attempt = await getAttempt(db, principal.workspace, attemptId);
    if (attempt === null) throw invalid('query/attempt', 'No attempt has this id. GET /api/v1/attempts lists them.');
    await requireLearner(db, principal, attempt.learner_id);
  }
  return { learnerId, attemptId };
}
