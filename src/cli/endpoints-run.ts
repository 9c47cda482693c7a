/** What `gradewire endpoints` does with those there are. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Static } from 'typebox';
import { parsePublicId, publicId, type Uuid } from '../core/ids.ts';
import type { EventType } from '../core/vocabulary.ts';
import { deleteEndpoint } from '../delivery/endpoints/delete-endpoint.ts';
import { endpointCounts } from '../delivery/endpoints/endpoint-counts.ts';
import type { StoredEndpoint } from '../delivery/endpoints/endpoint-row.ts';
import { listEndpoints } from '../delivery/endpoints/list-endpoints.ts';
import { getDelivery, type WholeDelivery } from '../delivery/log/get-delivery.ts';
import { sendTest } from '../delivery/log/send-test.ts';
import type { endpointSchema } from '../http/contracts/endpoints.ts';
import { deliveryAnswer } from '../http/delivery-answer.ts';
import { endpointAnswer, NO_DELIVERIES } from '../http/endpoint-answer.ts';
import { milliseconds, say, sayJson, styled, table } from './terminal.ts';
import { type CommandContext, WORKSPACE, withDatabase } from './with-database.ts';

export interface TestEndpointOptions {
  event: EventType;
  json?: true;
}

/** Longer than one try may take; a sender that has not come to it by then is not running. */
const TEST_WAIT_MS = 25_000;
const LOOK_EVERY_MS = 150;

/** Prints all endpoints, newest first. */
export async function listAllEndpoints(options: { json?: true }): Promise<void> {
  await withDatabase(async (context) => {
    const endpoints = await allEndpoints(context);
    const counts = await endpointCounts(
      context.db,
      WORKSPACE,
      endpoints.map(({ id }) => id),
    );
    const rows = endpoints.map((endpoint) => endpointAnswer(endpoint, counts.get(endpoint.id) ?? NO_DELIVERIES));
    if (options.json) return sayJson(rows);
    if (rows.length === 0) {
      return say('No endpoints yet. Add one: npx gradewire endpoints add https://lms.example/hooks');
    }
    say(
      table(rows, [
        { title: 'ID', value: (e) => e.id },
        { title: 'KIND', value: (e) => e.kind },
        { title: 'TO', value: placeOf, style: () => 'bold', shrinks: true },
        { title: 'EVENTS', value: (e) => eventsOf(e.eventTypes), shrinks: true },
        {
          title: 'STATE',
          value: stateOf,
          style: (e) => (e.enabled ? (e.failingSince === null ? null : 'yellow') : 'red'),
        },
        { title: 'WAITING', value: (e) => String(e.pending), align: 'right' },
        { title: 'FAILED 24 H', value: (e) => String(e.failed24h), align: 'right' },
      ]),
    );
  });
}

/** Sends an example and waits for its first try. Throws a sentence when that did not get there. */
export async function testEndpoint(which: string, options: TestEndpointOptions): Promise<void> {
  await withDatabase(async (context) => {
    const endpoint = await findEndpoint(context, which);
    if (context.startedForThis) {
      throw new Error('No server runs here, so nothing would be sent. Start one with `npm start`.');
    }
    if (!endpoint.enabled) throw new Error('This endpoint is disabled, so nothing is sent. Enable it first.');
    // The schemas behind it are most of what this file would load; the other commands do without.
    const { eventExample } = await import('../http/event-catalogue.ts');
    const id = await sendTest(context.db, WORKSPACE, endpoint.id, eventExample(options.event));
    const delivery = await untilTried(context, id);
    if (options.json) sayJson({ ...deliveryAnswer(delivery), attempts: delivery.attempts });
    const last = delivery.tries.at(-1);
    const told = last?.error ?? delivery.detail;
    if (delivery.status !== 'succeeded') {
      throw new Error(`The test did not get there. ${told ?? `It is ${delivery.status}.`}`);
    }
    if (options.json) return;
    const answered = last?.statusCode == null ? 'It was taken' : `It answered ${last.statusCode}`;
    say(
      `${styled('green', '✓')} ${options.event} got there. ${answered} after ${milliseconds(last?.durationMs ?? null)}.`,
    );
    say(styled('dim', `  ${publicId('dlv', id)}`));
  });
}

/** Removes an endpoint. */
export async function removeEndpoint(which: string, options: { json?: true }): Promise<void> {
  await withDatabase(async (context) => {
    const endpoint = await findEndpoint(context, which);
    if (!(await deleteEndpoint(context.db, WORKSPACE, endpoint.id))) throw noEndpoint(which);
    if (options.json) return sayJson({ removed: publicId('end', endpoint.id) });
    say(`${styled('green', '✓')} Removed ${endpoint.url ?? endpoint.to ?? which}. Nothing is sent there any more.`);
  });
}

async function untilTried(context: CommandContext, id: Uuid): Promise<WholeDelivery> {
  const deadline = Date.now() + TEST_WAIT_MS;
  for (;;) {
    const delivery = await getDelivery(context.db, WORKSPACE, id);
    if (delivery === null) throw new Error('The test is gone: its endpoint was removed meanwhile.');
    if (delivery.status !== 'pending' || delivery.tries.length > 0) return delivery;
    if (Date.now() > deadline) {
      throw new Error('Nobody has sent the test yet. Does a server with the worker role run?');
    }
    await sleep(LOOK_EVERY_MS);
  }
}

async function allEndpoints(context: CommandContext): Promise<StoredEndpoint[]> {
  const endpoints: StoredEndpoint[] = [];
  const pageSize = 200;
  for (let more = true; more; ) {
    const after = endpoints.at(-1) ?? null;
    const page = await listEndpoints(context.db, context.box, WORKSPACE, { limit: pageSize, after });
    endpoints.push(...page);
    more = page.length === pageSize;
  }
  return endpoints;
}

/** By id, or by where it is when only one is there. */
async function findEndpoint(context: CommandContext, which: string): Promise<StoredEndpoint> {
  const id = parsePublicId('end', which);
  const all = await allEndpoints(context);
  const fitting = all.filter((endpoint) =>
    id === null ? (endpoint.url ?? endpoint.to) === which : endpoint.id === id,
  );
  const [endpoint] = fitting;
  if (endpoint === undefined) throw noEndpoint(which);
  if (fitting.length > 1) throw new Error(`There are ${fitting.length} endpoints at ${which}. Name one by its id.`);
  return endpoint;
}

function noEndpoint(which: string): Error {
  return new Error(`There is no endpoint "${which}". \`gradewire endpoints list\` shows them.`);
}

type Shown = Static<typeof endpointSchema>;

export function placeOf({ url, to }: Shown): string {
  return url ?? to ?? '–';
}

function eventsOf(types: readonly EventType[]): string {
  const [first, ...others] = types;
  if (first === undefined) return 'all';
  return others.length === 0 ? first : `${first} and ${others.length} more`;
}

function stateOf({ enabled, failingSince }: Shown): string {
  if (!enabled) return 'disabled';
  return failingSince === null ? 'ok' : `failing since ${failingSince.slice(0, 16).replace('T', ' ')}`;
}
