/** Members, invitations and what each role may do; a learner's own view. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newUuid, publicId, type Uuid } from '../../src/core/ids.ts';
import { type Browser, browserAt } from '../helpers/browser.ts';
import { at, createTestApp, type TestApp, textAt } from '../helpers/http.ts';
import { makeMember, PASSWORD, type TestMember } from '../helpers/session.ts';

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

async function makeLearner(name: string): Promise<Uuid> {
  const id = newUuid();
  await test.db.query('INSERT INTO learners (workspace, id, name) VALUES (1, $1, $2)', [id, name]);
  return id;
}

/** Invites by the API and gives the link's token. */
async function invite(body: object): Promise<{ answer: unknown; token: string }> {
  const answer = await desk.call('POST', '/api/v1/members/invitations', body);
  expect([answer.status, answer.text]).toEqual([201, answer.text]);
  const url = textAt(answer.json, 'url');
  expect(url).toMatch(/^http:\/\/127\.0\.0\.1:8080\/invitations\/[\w-]{43}$/);
  return { answer: answer.json, token: url.split('/').at(-1) ?? '' };
}

describe('an invitation', () => {
  it('lets the invited person in once, with the role it names', async () => {
    const { answer, token } = await invite({ email: 'Ben@Example.org', role: 'instructor' });
    expect(answer).toMatchObject({ email: 'ben@example.org', role: 'instructor', cohorts: null, mailed: false });
    const guest = browserAt(test);
    const shown = await guest.call('GET', `/api/v1/invitations/${token}`);
    expect(shown.json).toMatchObject({
      email: 'ben@example.org',
      role: 'instructor',
      workspace: { name: 'Default workspace' },
    });
    const listed = await desk.call('GET', '/api/v1/members/invitations');
    expect(at(listed.json, 'data.0')).toMatchObject({ email: 'ben@example.org' });
    expect(listed.text).not.toContain(token);

    const person = { name: 'Ben Kim', password: PASSWORD };
    const foreign = { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' };
    expect((await guest.call('POST', `/api/v1/invitations/${token}/accept`, person, foreign)).status).toBe(403);
    // Two at once: the link works once.
    const both = await Promise.all([
      guest.call('POST', `/api/v1/invitations/${token}/accept`, person),
      browserAt(test).call('POST', `/api/v1/invitations/${token}/accept`, person),
    ]);
    expect(both.map(({ status }) => status).sort()).toEqual([201, 404]);
    const ben = browserAt(test);
    expect((await ben.signIn('ben@example.org')).status).toBe(200);
    expect((await ben.call('GET', '/api/v1/me')).json).toMatchObject({ role: 'instructor', user: { name: 'Ben Kim' } });
    expect((await guest.call('GET', `/api/v1/invitations/${token}`)).status).toBe(404);
    const again = await guest.call('POST', `/api/v1/invitations/${token}/accept`, person);
    expect([again.status, at(again.json, 'error')]).toEqual([404, 'not_found']);
  });

  it('ends when it runs out, is withdrawn, or is made anew', async () => {
    const first = await invite({ email: 'cleo@example.org', role: 'admin' });
    const second = await invite({ email: 'cleo@example.org', role: 'instructor' });
    const guest = browserAt(test);
    const person = { name: 'Cleo', password: PASSWORD };
    expect((await guest.call('POST', `/api/v1/invitations/${first.token}/accept`, person)).status).toBe(404);

    await test.db.query(`UPDATE invitations SET expires_at = now() WHERE email = 'cleo@example.org'`);
    expect((await guest.call('GET', `/api/v1/invitations/${second.token}`)).status).toBe(404);
    expect((await guest.call('POST', `/api/v1/invitations/${second.token}/accept`, person)).status).toBe(404);

    const third = await invite({ email: 'cleo@example.org', role: 'instructor' });
    const id = textAt(third.answer, 'id');
    expect((await desk.call('DELETE', `/api/v1/members/invitations/${id}`)).status).toBe(204);
    expect((await desk.call('DELETE', `/api/v1/members/invitations/${id}`)).status).toBe(404);
    expect((await guest.call('POST', `/api/v1/invitations/${third.token}/accept`, person)).status).toBe(404);
    expect((await guest.signIn('cleo@example.org')).status).toBe(401);
  });

  it('says what does not fit', async () => {
    const cases: [object, string][] = [
      [{ email: 'no address', role: 'admin' }, 'body/email'],
      [{ email: 'd@example.org', role: 'integration' }, 'body/role'],
      [{ email: 'd@example.org', role: 'learner' }, 'body/learner'],
      [{ email: 'd@example.org', role: 'learner', learner: publicId('lrn', newUuid()) }, 'body/learner'],
      [{ email: 'd@example.org', role: 'admin', cohorts: [publicId('coh', newUuid())] }, 'body/cohorts'],
      [{ email: 'd@example.org', role: 'instructor', cohorts: [publicId('coh', newUuid())] }, 'body/cohorts'],
      [{ email: 'd@example.org', role: 'instructor', cohorts: [] }, 'body/cohorts'],
    ];
    for (const [body, path] of cases) {
      const answer = await desk.call('POST', '/api/v1/members/invitations', body);
      expect([body, answer.status, at(answer.json, 'details.0.path')]).toEqual([body, 400, path]);
    }
    const member = await desk.call('POST', '/api/v1/members/invitations', { email: admin.email, role: 'admin' });
    expect([member.status, at(member.json, 'error')]).toEqual([409, 'conflict']);
  });

  it('of somebody with an account here wants its password, and guesses are counted', async () => {
    const [other] = await test.db.query<{ id: number }>(
      `INSERT INTO workspaces (slug, name) VALUES ('other', 'Other school') RETURNING id`,
    );
    const person = await makeMember(test.db, { workspace: other?.id ?? 0, role: 'instructor' });
    const { token } = await invite({ email: person.email, role: 'admin' });
    const url = `/api/v1/invitations/${token}/accept`;
    for (let n = 0; n < 10; n += 1) {
      const guess = await browserAt(test).call('POST', url, { name: 'Eve', password: `guess number ${n}` });
      expect([guess.status, at(guess.json, 'error')]).toEqual([401, 'invalid_credentials']);
    }
    expect((await browserAt(test).call('POST', url, { name: 'Eve', password: PASSWORD })).status).toBe(429);
    await test.db.query('DELETE FROM sign_in_failures');
    const browser = browserAt(test);
    expect((await browser.call('POST', url, { name: 'Eve', password: PASSWORD })).status).toBe(201);
    // The name stays the person's own.
    expect(at((await browser.call('GET', '/api/v1/me')).json, 'user.name')).toBe('The instructor');
  });
});

describe('members', () => {
  it('are listed page by page, without anything secret', async () => {
    const first = await desk.call('GET', '/api/v1/members?limit=1');
    const rest = await desk.call('GET', `/api/v1/members?limit=200&cursor=${textAt(first.json, 'nextCursor')}`);
    expect(rest.text).toContain(admin.email);
    expect(first.text + rest.text).not.toMatch(/password|token/);
  });

  it('get another role at once, and their sessions follow', async () => {
    const person = await makeMember(test.db, { role: 'instructor' });
    const browser = browserAt(test);
    await browser.signIn(person.email);
    expect((await browser.call('GET', '/api/v1/members')).status).toBe(403);
    const raised = await desk.call('PATCH', `/api/v1/members/${person.id}`, { role: 'admin' });
    expect(raised.json).toMatchObject({ id: person.id, role: 'admin', cohorts: null });
    expect((await browser.call('GET', '/api/v1/members')).status).toBe(200);
    await desk.call('PATCH', `/api/v1/members/${person.id}`, { role: 'instructor' });
    expect((await browser.call('GET', '/api/v1/members')).status).toBe(403);
  });

  it('get a link to set a new password, which ends their sessions and works once', async () => {
    const person = await makeMember(test.db, { role: 'instructor' });
    const browser = browserAt(test);
    await browser.signIn(person.email);
    const made = await desk.call('POST', `/api/v1/members/${person.id}/password-link`);
    const token = new URL(textAt(made.json, 'url')).searchParams.get('token') ?? '';
    expect(token).toMatch(/^[\w-]{32}$/);
    const [stored] = await test.db.query<{ identifier: string }>('SELECT identifier FROM auth_verifications');
    expect(stored?.identifier).not.toContain(token);
    const guest = browserAt(test);
    const set = { token, newPassword: 'a brand new battery' };
    const short = await guest.call('POST', '/api/auth/reset-password', { ...set, newPassword: 'short' });
    expect([short.status, at(short.json, 'error')]).toEqual([400, 'invalid_request']);
    expect((await guest.call('POST', '/api/auth/reset-password', set)).status).toBe(200);
    expect((await guest.call('POST', '/api/auth/reset-password', set)).status).toBe(400);
    test.context.keyring.forget(person.userId);
    expect((await browser.call('GET', '/api/v1/me')).status).toBe(401);
    expect((await guest.signIn(person.email)).status).toBe(401);
    expect((await guest.signIn(person.email, set.newPassword)).status).toBe(200);
    const unknown = await desk.call('POST', `/api/v1/members/${publicId('mem', newUuid())}/password-link`);
    expect(unknown.status).toBe(404);
  });

  it('are removed with their account and sessions; another workspace keeps both', async () => {
    const person = await makeMember(test.db, { role: 'instructor' });
    const browser = browserAt(test);
    await browser.signIn(person.email);
    await browser.call('GET', '/api/v1/me');
    expect((await desk.call('DELETE', `/api/v1/members/${person.id}`)).status).toBe(204);
    expect((await browser.call('GET', '/api/v1/me')).status).toBe(401);
    expect((await browser.signIn(person.email)).status).toBe(401);
    expect((await desk.call('DELETE', `/api/v1/members/${person.id}`)).status).toBe(404);
    expect((await desk.call('PATCH', `/api/v1/members/${person.id}`, { role: 'admin' })).status).toBe(404);

    const [other] = await test.db.query<{ id: number }>(
      `INSERT INTO workspaces (slug, name) VALUES ('third', 'Third school') RETURNING id`,
    );
    const both = await makeMember(test.db, { role: 'instructor' });
    await test.db.query(`INSERT INTO members (workspace, user_id, role) VALUES ($1, $2, 'instructor')`, [
      other?.id,
      both.userId,
    ]);
    expect((await desk.call('DELETE', `/api/v1/members/${both.id}`)).status).toBe(204);
    const link = await desk.call('POST', `/api/v1/members/${both.id}/password-link`);
    expect(link.status).toBe(404);
    const still = browserAt(test);
    await still.signIn(both.email);
    expect(at((await still.call('GET', '/api/v1/me')).json, 'workspace.slug')).toBe('third');
    // Nor does an administrator of one workspace reach members of another.
    expect((await desk.call('DELETE', `/api/v1/members/${both.id}`)).status).toBe(404);
  });

  it('never lose their last administrator, even when two leave at once', async () => {
    const other = await createTestApp();
    try {
      const people = [await makeMember(other.db), await makeMember(other.db)];
      const gone = await Promise.all(people.map(({ id }) => other.call('DELETE', `/api/v1/members/${id}`)));
      expect(gone.map(({ status }) => status).sort()).toEqual([204, 409]);
      const left = people[gone.findIndex(({ status }) => status === 409)];
      const lowered = await other.call('PATCH', `/api/v1/members/${left?.id}`, { body: { role: 'instructor' } });
      expect([lowered.status, at(lowered.json, 'error')]).toEqual([409, 'conflict']);
    } finally {
      await other.close();
    }
  });
});

describe('roles', () => {
  it('an instructor gets into nothing that is an administrator’s', async () => {
    const person = await makeMember(test.db, { role: 'instructor' });
    const browser = browserAt(test);
    await browser.signIn(person.email);
    const id = admin.id;
    const closed = [
      ['GET', '/api/v1/members'],
      ['PATCH', `/api/v1/members/${id}`],
      ['DELETE', `/api/v1/members/${id}`],
      ['POST', '/api/v1/members/invitations'],
      ['GET', '/api/v1/members/invitations'],
      ['GET', '/api/v1/audit'],
      ['PATCH', '/api/v1/workspace'],
      ['GET', '/api/v1/keys'],
      ['POST', '/api/v1/keys'],
      ['POST', '/api/v1/sources'],
      ['GET', '/api/v1/receipts'],
    ] as const;
    for (const [method, url] of closed) {
      const answer = await browser.call(method, url, method === 'GET' ? undefined : { role: 'admin' });
      expect([method, url, answer.status]).toEqual([method, url, 403]);
    }
    // Nor makes it an administrator of itself.
    const self = await browser.call('PATCH', `/api/v1/members/${person.id}`, { role: 'admin' });
    expect(self.status).toBe(403);
    expect((await browser.call('GET', '/api/v1/workspace')).status).toBe(200);
  });

  it('a learner sees its own progress and nobody else’s', async () => {
    const [own, other] = [await makeLearner('Dara'), await makeLearner('Eli')];
    const person = await makeMember(test.db, { role: 'learner', learnerId: own });
    const browser = browserAt(test);
    await browser.signIn(person.email);
    expect((await browser.call('GET', '/api/v1/me')).json).toMatchObject({
      role: 'learner',
      learner: { id: publicId('lrn', own), name: 'Dara' },
    });
    expect((await browser.call('GET', `/api/v1/learners/${publicId('lrn', own)}/progress`)).status).toBe(200);
    expect((await browser.call('GET', `/api/v1/learners/${publicId('lrn', other)}/progress`)).status).toBe(403);
    const list = await browser.call('GET', '/api/v1/learners');
    expect(list.text).not.toContain('Eli');
    expect((await browser.call('GET', `/api/v1/attempts?learner=${publicId('lrn', other)}`)).status).toBe(403);
    expect((await browser.call('GET', '/api/v1/activities')).status).toBe(403);
  });
});

describe('the workspace', () => {
  it('keeps what is set, and figures go by it', async () => {
    const before = (await desk.call('GET', '/api/v1/workspace')).json;
    expect(before).toMatchObject({
      tz: 'UTC',
      unverified: 'include',
      silenceHours: null,
      retention: { receiptsDays: null, eventsDays: null, responseBodiesDays: 30, deliveriesDays: 90 },
    });
    const patched = await desk.call('PATCH', '/api/v1/workspace', {
      name: 'Riverside school',
      tz: 'Asia/Kolkata',
      attempts: { class: 'best' },
      retention: { responseBodiesDays: null },
    });
    expect(patched.json).toMatchObject({
      name: 'Riverside school',
      tz: 'Asia/Kolkata',
      attempts: { learner: 'all', class: 'best', items: 'first' },
      retention: { receiptsDays: null, responseBodiesDays: null, deliveriesDays: 90 },
    });
    await desk.call('PATCH', '/api/v1/workspace', { attempts: { items: 'last' }, silenceHours: 48 });
    expect((await desk.call('GET', '/api/v1/me')).json).toMatchObject({
      workspace: { tz: 'Asia/Kolkata', attempts: { learner: 'all', class: 'best', items: 'last' } },
    });
    const learner = publicId('lrn', await makeLearner('Fay'));
    const progress = await desk.call('GET', `/api/v1/learners/${learner}/progress`);
    expect(at(progress.json, 'basis.tz')).toBe('Asia/Kolkata');
    const wrong = await desk.call('PATCH', '/api/v1/workspace', { tz: '+05:30' });
    expect([wrong.status, at(wrong.json, 'details.0.path')]).toEqual([400, 'body/tz']);
  });
});
