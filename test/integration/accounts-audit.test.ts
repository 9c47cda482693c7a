/** The audit log: every route has a decision, and what is decided is recorded, with nothing personal in it. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newUuid, publicId } from '../../src/core/ids.ts';
import { AUDIT_ACTIONS } from '../../src/http/audit-actions.ts';
import { type Browser, browserAt } from '../helpers/browser.ts';
import { at, createTestApp, type TestApp, textAt } from '../helpers/http.ts';
import { makeMember, PASSWORD, type TestMember } from '../helpers/session.ts';
import { until } from '../helpers/until.ts';

let test: TestApp;
let admin: TestMember;
let desk: Browser;

beforeAll(async () => {
  test = await createTestApp();
  admin = await makeMember(test.db, { name: 'Asha Rao' });
  desk = browserAt(test);
  await desk.signIn(admin.email);
});
afterAll(() => test.close());

interface Line {
  action: string;
  actor: { kind: string; id: string | null; name: string };
  target: { kind: string; id: string | null; name: string | null } | null;
  details: Record<string, unknown>;
}

/** Waits for the newest line of that action. */
async function line(action: string, filter = ''): Promise<Line> {
  let found: Line | undefined;
  await until(`a line ${action}`, async () => {
    const answer = await test.call('GET', `/api/v1/audit?action=${action}${filter}`);
    found = (answer.json as { data: Line[] }).data[0];
    return found !== undefined;
  });
  if (found === undefined) throw new Error(`There is no line ${action}.`);
  return found;
}

describe('the audit log', () => {
  it('has a decision for every route under /api', () => {
    const undecided: string[] = [];
    const known = new Set<string>();
    for (const [url, operations] of Object.entries(test.app.swagger().paths ?? {})) {
      for (const method of Object.keys(operations ?? {})) {
        const route = `${method.toUpperCase()} ${url.replace(/\{(\w+)\}/g, ':$1')}`;
        known.add(route);
        if (url.startsWith('/api') && method !== 'head' && AUDIT_ACTIONS[route] === undefined) undecided.push(route);
      }
    }
    expect(undecided).toEqual([]);
    // What changes something is recorded, without exception, or where it happens (sign-in).
    const silent = Object.entries(AUDIT_ACTIONS).filter(
      ([route, action]) => action === null && !route.startsWith('GET'),
    );
    expect(silent.map(([route]) => route.split(' ')[1]).every((url) => url?.startsWith('/api/auth/'))).toBe(true);
    const stale = Object.keys(AUDIT_ACTIONS).filter((route) => !known.has(route) && !route.includes('/api/auth/'));
    expect(stale).toEqual([]);
  });

  it('names who read one person, once in five minutes, and every change', async () => {
    const id = newUuid();
    await test.db.query('INSERT INTO learners (workspace, id, name) VALUES (1, $1, $2)', [id, 'Dara Novak']);
    const learner = publicId('lrn', id);
    for (let n = 0; n < 3; n += 1) await desk.call('GET', `/api/v1/learners/${learner}`);
    expect(await line('learner.read')).toMatchObject({
      actor: { kind: 'member', id: admin.id, name: 'Asha Rao' },
      target: { kind: 'learner', id: learner, name: 'Dara Novak' },
    });
    const reads = await test.call('GET', '/api/v1/audit?action=learner.read');
    expect(at(reads.json, 'data')).toHaveLength(1);

    for (const name of ['Dara N.', 'Dara']) await desk.call('PATCH', `/api/v1/learners/${learner}`, { name });
    await until('the lines', async () => (await count('learner.change')) === 2);
    expect((await line('learner.change')).details).toEqual({ fields: ['name'] });

    // An erased name is gone from the log as well.
    await test.db.query('UPDATE learners SET name = NULL WHERE id = $1', [id]);
    const all = await test.call('GET', '/api/v1/audit?action=learner&limit=200');
    expect(all.text).not.toMatch(/Dara|Novak/);
  });

  async function count(action: string): Promise<number> {
    return (at((await test.call('GET', `/api/v1/audit?action=${action}`)).json, 'data') as unknown[]).length;
  }

  it('tells keys from people, and what was made', async () => {
    const key = await test.keyFor('admin');
    const made = await test.call('POST', '/api/v1/keys', { key, body: { name: 'for the LMS', role: 'integration' } });
    const id = textAt(made.json, 'id');
    await until('the lines', async () => (await count('key.create')) === 2);
    expect(await line('key.create')).toMatchObject({
      actor: { kind: 'key', name: 'test admin' },
      target: { kind: 'key', id, name: 'for the LMS' },
      details: { name: 'for the LMS', role: 'integration' },
    });
    const lines = await test.call('GET', '/api/v1/audit?action=key.create&limit=200');
    expect(lines.text).not.toContain(textAt(made.json, 'key'));
  });

  it('records signing in, a refused one, and signing out', async () => {
    const person = await makeMember(test.db, { role: 'instructor', name: 'Ben Kim' });
    const browser = browserAt(test);
    await browser.signIn(person.email, 'not the password');
    await browser.signIn(person.email);
    await browser.call('POST', '/api/auth/sign-out', {});
    const who = `&actor=${person.id}`;
    expect((await line('session.begin', who)).actor).toEqual({ kind: 'member', id: person.id, name: 'Ben Kim' });
    expect((await line('session.end', who)).actor.name).toBe('Ben Kim');
    expect(await line('session.refuse')).toMatchObject({
      actor: { kind: 'system', id: null },
      target: { kind: 'member', id: person.id, name: 'Ben Kim' },
    });
    const all = await test.call('GET', '/api/v1/audit?limit=200');
    expect(all.text).not.toContain(PASSWORD);
    expect(all.text).not.toContain('not the password');
  });

  it('keeps filters but no search words, and nothing of what was refused', async () => {
    await desk.call('GET', '/api/v1/attempts?state=completed&limit=5');
    expect((await line('attempt.list')).details).toEqual({ filters: { state: 'completed' } });
    await desk.call('GET', '/api/v1/learners?search=Zoe');
    expect((await line('learner.list')).details).toEqual({});
    const instructor = await test.keyFor('instructor');
    await test.call('GET', '/api/v1/members', { key: instructor });
    await desk.call('DELETE', `/api/v1/keys/${publicId('key', newUuid())}`);
    await desk.call('GET', '/api/v1/members');
    expect((await line('member.list')).actor.name).toBe('Asha Rao');
    expect(await count('member.list')).toBe(1);
    expect(await count('key.revoke')).toBe(0);
  });

  it('pages by cursor, newest first, and filters by time', async () => {
    const all = (await test.call('GET', '/api/v1/audit?limit=200&to=2099-01-01T00:00:00Z')).json as {
      data: { at: string }[];
    };
    expect(all.data.length).toBeGreaterThan(5);
    expect(all.data.map((entry) => entry.at)).toEqual(
      all.data
        .map((entry) => entry.at)
        .toSorted()
        .reverse(),
    );
    const first = await test.call('GET', '/api/v1/audit?limit=3');
    const second = await test.call('GET', `/api/v1/audit?limit=3&cursor=${textAt(first.json, 'nextCursor')}`);
    const ids = [first, second].flatMap(({ json }) => (json as { data: { id: string }[] }).data.map(({ id }) => id));
    expect(new Set(ids).size).toBe(6);
    expect(at((await test.call('GET', '/api/v1/audit?to=2020-01-01T00:00:00Z')).json, 'data')).toEqual([]);
    const wrong = await test.call('GET', '/api/v1/audit?actor=lrn_1');
    expect([wrong.status, at(wrong.json, 'details.0.path')]).toEqual([400, 'query/actor']);
  });

  it('is written to the last line when the server ends', async () => {
    const other = await createTestApp();
    const { db } = other;
    await other.call('POST', '/api/v1/keys', { body: { name: 'last', role: 'admin' } });
    await other.app.close();
    expect(await db.query(`SELECT action FROM audit WHERE action = 'key.create'`)).toHaveLength(1);
    await other.close();
  });
});
