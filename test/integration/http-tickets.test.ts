/** The life of a ticket. That streams open with one is shown where streams are (test/integration/live-*.test.ts). */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newUuid, publicId } from '../../src/core/ids.ts';
import { hashKey } from '../../src/http/keyring.ts';
import { redeemTicket } from '../../src/http/tickets.ts';
import { at, createTestApp, type TestApp, textAt } from '../helpers/http.ts';

let test: TestApp;

beforeAll(async () => {
  test = await createTestApp();
});
afterAll(() => test.close());

async function ticketFor(body: object, key?: string): Promise<string> {
  const answer = await test.call('POST', '/api/v1/tickets', { body, ...(key === undefined ? {} : { key }) });
  expect(answer.status).toBe(201);
  const left = Date.parse(textAt(answer.json, 'expiresAt')) - Date.now();
  expect(left).toBeGreaterThan(50_000);
  expect(left).toBeLessThanOrEqual(61_000);
  return textAt(answer.json, 'ticket');
}

const redeem = (ticket: string, purpose: 'live' | 'students' = 'live', url = '/api/v1/live') =>
  redeemTicket(test.db, test.context.keyring, ticket, { purpose, url });

/** As if that much time had passed for the ticket. */
const age = (ticket: string, seconds: number) =>
  test.db.query('UPDATE tickets SET expires_at = expires_at - make_interval(secs => $2) WHERE hash = $1', [
    hashKey(ticket),
    seconds,
  ]);

describe('tickets', () => {
  it('open what they are for, as their issuer, and only that', async () => {
    const ticket = await ticketFor({ for: 'live' });
    expect(await redeem(ticket, 'students')).toBeNull();
    expect(await redeem(ticket)).toMatchObject({
      workspace: 1,
      role: 'admin',
      learnerId: null,
      ticket: { learner: null },
    });
    expect(await redeem('tkt_none')).toBeNull();
    const student = await ticketFor({ for: 'students', learner: 'user_123' });
    expect(await redeem(student, 'students')).toMatchObject({ ticket: { learner: 'user_123' } });
    const stored = await test.db.query<{ row: string }>('SELECT t::text AS row FROM tickets t');
    expect(stored.map(({ row }) => row).join()).not.toContain(ticket);
  });

  it('hold 60 s until their first use, then 12 h', async () => {
    const unused = await ticketFor({ for: 'live' });
    await age(unused, 61);
    expect(await redeem(unused)).toBeNull();
    const used = await ticketFor({ for: 'live' });
    expect(await redeem(used)).not.toBeNull();
    await age(used, 12 * 3600 - 60);
    expect(await redeem(used)).not.toBeNull();
    await age(used, 120);
    expect(await redeem(used)).toBeNull();
  });

  it('end with the key that issued them', async () => {
    const made = await test.call('POST', '/api/v1/keys', { body: { name: 'issuer', role: 'integration' } });
    const ticket = await ticketFor({ for: 'live' }, textAt(made.json, 'key'));
    expect(await redeem(ticket)).toMatchObject({ role: 'integration' });
    await test.call('DELETE', `/api/v1/keys/${textAt(made.json, 'id')}`);
    expect(await redeem(ticket)).toBeNull();
  });

  it('end when the key that issued them expires', async () => {
    const key = await test.keyFor('integration');
    const ticket = await ticketFor({ for: 'live' }, key);
    await test.db.query(`UPDATE api_keys SET expires_at = now() WHERE hash = $1`, [hashKey(key)]);
    expect(await redeem(ticket)).toBeNull();
  });

  it('of a learner are limited to that learner, whatever is asked for', async () => {
    const id = newUuid();
    await test.db.query('INSERT INTO learners (workspace, id) VALUES (1, $1)', [id]);
    const key = await test.keyFor('learner', publicId('lrn', id));
    for (const body of [
      { for: 'students', learner: 'somebody else' },
      { for: 'students', learner: publicId('lrn', newUuid()) },
      { for: 'live', learner: publicId('lrn', newUuid()) },
    ]) {
      expect([body, (await test.call('POST', '/api/v1/tickets', { body, key })).status]).toEqual([body, 403]);
    }
    for (const learner of [publicId('lrn', id), null, undefined]) {
      const ticket = await ticketFor({ for: 'students', learner }, key);
      expect(await redeem(ticket, 'students')).toMatchObject({ role: 'learner', learnerId: id });
    }
  });

  it('are refused at once where the role cannot use them', async () => {
    const key = await test.keyFor('integration');
    expect((await test.call('POST', '/api/v1/tickets', { body: { for: 'students' }, key })).status).toBe(403);
  });

  it('are good for the stream of their first use only', async () => {
    const ticket = await ticketFor({ for: 'live' });
    const first = `/api/v1/live?activity=a&learner=b&ticket=${ticket}`;
    expect(await redeem(ticket, 'live', first)).not.toBeNull();
    expect(await redeem(ticket, 'live', `/api/v1/live?ticket=x&learner=b&after=7&activity=a`)).not.toBeNull();
    expect(await redeem(ticket, 'live', '/api/v1/live?activity=a')).toBeNull();
    expect(await redeem(ticket, 'live', '/api/v1/live')).toBeNull();
    expect(await redeem(ticket, 'live', first)).not.toBeNull();
  });

  it('do not open the rest of the API', async () => {
    const ticket = await ticketFor({ for: 'live' });
    for (const request of [
      { url: `/api/v1/keys?ticket=${ticket}`, key: null },
      { url: '/api/v1/keys', key: ticket },
    ]) {
      const answer = await test.call('GET', request.url, { key: request.key });
      expect([answer.status, at(answer.json, 'error')]).toEqual([401, 'unauthorized']);
    }
    const wrong = await test.call('POST', '/api/v1/tickets', { body: { for: 'live', learner: 'user_123' } });
    expect([wrong.status, at(wrong.json, 'details.0.path')]).toEqual([400, 'body/learner']);
  });
});
