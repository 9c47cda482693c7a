/** Merges of people: decisions that can be taken back, whatever came in between. */
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ADAPTERS } from '../../src/adapters/registry.ts';
import { publicId, type Uuid } from '../../src/core/ids.ts';
import { rebuildAll } from '../../src/normalise/queue/rebuild-all.ts';
import { keepAlike } from '../../src/people/alike.ts';
import { scenario } from '../../src/simulator/scenario.ts';
import { at, createTestApp, type TestApp, textAt } from '../helpers/http.ts';
import { snapshot } from '../helpers/progress-snapshot.ts';
import {
  addSources,
  emptyAll,
  projectAll,
  type StoredWebhook,
  sourceIdOf,
  storeReceipts,
  webhookOf,
} from '../helpers/receipts.ts';

let app: TestApp;
beforeAll(async () => {
  app = await createTestApp();
  await addSources(app.db);
});
afterAll(() => app.close());
beforeEach(() => emptyAll(app.db));

const API = '/api/v1';

/** A webhook of QuizAPI about `user`. */
function quiz(user: string, minute: number, options: { event?: string; score?: number } = {}): StoredWebhook {
  const { event = 'quiz.completed', score = 3 } = options;
  const timestamp = new Date(Date.UTC(2026, 3, 8, 10, minute)).toISOString();
  const about = { userId: user, quizId: 'quiz_1', quizTitle: 'Fractions' };
  const figures = { score, totalQuestions: 4, percentage: score * 25, timeSpentSeconds: 60, answers: [] };
  const data = event === 'quiz.completed' ? { ...about, ...figures } : about;
  return { provider: 'quizapi', eventName: null, body: Buffer.from(JSON.stringify({ event, timestamp, data })) };
}

async function send(...webhooks: StoredWebhook[]): Promise<void> {
  await storeReceipts(app.db, webhooks);
  await projectAll(app.db);
}

async function learnerOf(externalId: string): Promise<string> {
  const answer = await app.call('GET', `${API}/learners/lookup?provider=quizapi&externalId=${externalId}`);
  return textAt(answer.json, 'id');
}

async function merge(id: string, into: string) {
  const answer = await app.call('POST', `${API}/learners/${id}/merge`, { body: { into } });
  expect(answer.status).toBe(200);
  return answer.json;
}

async function attemptsOf(learner: string): Promise<unknown[]> {
  const answer = await app.call('GET', `${API}/attempts?learner=${learner}`);
  return at(answer.json, 'data') as unknown[];
}

describe('a merge', () => {
  it('shows everything on the page of the one kept, also what comes later, and answers there for the other', async () => {
    await send(quiz('u_ann', 1), quiz('u_ann2', 5));
    const [ann, other] = [await learnerOf('u_ann'), await learnerOf('u_ann2')];
    const kept = await merge(other, ann);
    expect(at(kept, 'id')).toBe(ann);
    expect(at(kept, 'identities.1.externalId')).toBe('u_ann2');
    expect(at(kept, 'mergedFrom.0.id')).toBe(other);
    expect(textAt((await app.call('GET', `${API}/learners/${other}`)).json, 'id')).toBe(ann);
    await send(quiz('u_ann2', 9));
    expect(await attemptsOf(ann)).toHaveLength(3);
    expect(await attemptsOf(other)).toHaveLength(3);
    const list = await app.call('GET', `${API}/learners`);
    expect((at(list.json, 'data') as { id: string }[]).map(({ id }) => id)).toEqual([ann]);
    const events = await app.call('GET', `${API}/events?learner=${ann}`);
    expect(at(events.json, 'data')).toHaveLength(3);
    const progress = await app.call('GET', `${API}/learners/${other}/progress`);
    expect(at(progress.json, 'summary.attemptsCompleted')).toBe(3);
    expect(at((await app.call('GET', '/api/students/u_ann2/progress')).json, 'summary.quizzes_completed')).toBe(3);
  });

  it('lets a key limited to the learner who is gone see the one kept', async () => {
    await send(quiz('u_ann', 1), quiz('u_ann2', 5));
    const [ann, other] = [await learnerOf('u_ann'), await learnerOf('u_ann2')];
    const key = await app.keyFor('learner', other);
    await merge(other, ann);
    expect((await app.call('GET', `${API}/learners/${ann}`, { key })).status).toBe(200);
    expect(at((await app.call('GET', `${API}/attempts`, { key })).json, 'data')).toHaveLength(2);
  });

  it('keeps the attempts of two identities apart: a start of one does not close what the other has open', async () => {
    await send(quiz('u_ann', 1, { event: 'quiz.started' }), quiz('u_ann2', 2));
    const [ann, other] = [await learnerOf('u_ann'), await learnerOf('u_ann2')];
    await merge(other, ann);
    await send(quiz('u_ann2', 3, { event: 'quiz.started' }), quiz('u_ann', 4));
    expect((await attemptsOf(ann)).map((attempt) => at(attempt, 'state')).sort()).toEqual([
      'completed',
      'completed',
      'started',
    ]);
  });

  it('tells nobody anything, and counts nothing twice when replayed', async () => {
    await send(quiz('u_ann', 1), quiz('u_ann2', 5));
    const [ann, other] = [await learnerOf('u_ann'), await learnerOf('u_ann2')];
    const before = await app.db.query('SELECT seq FROM events ORDER BY seq');
    await merge(other, ann);
    await app.call('POST', `${API}/receipts/replay`, { body: {} });
    await projectAll(app.db);
    expect(await app.db.query('SELECT seq FROM events ORDER BY seq')).toEqual(before);
    expect(await attemptsOf(ann)).toHaveLength(2);
  });

  it('keeps what a person said of the one kept, and shows the name of the other where there is none', async () => {
    await send(quiz('u_ann', 1), quiz('u_ann2', 5));
    const [ann, other] = [await learnerOf('u_ann'), await learnerOf('u_ann2')];
    await app.call('PATCH', `${API}/learners/${other}`, { body: { name: 'Ann Other', email: 'ann@example.org' } });
    await merge(other, ann);
    expect(at((await app.call('GET', `${API}/learners/${ann}`)).json, 'name')).toBe('Ann Other');
    await app.call('PATCH', `${API}/learners/${other}`, { body: { name: 'Ann' } });
    expect(at((await app.call('GET', `${API}/learners/${ann}`)).json, 'name')).toBe('Ann');
    const unmerged = await app.call('POST', `${API}/learners/${ann}/unmerge`);
    expect(at(unmerged.json, 'kept.name')).toBe('Ann');
    expect(at(unmerged.json, 'kept.email')).toBe(null);
    expect(at(unmerged.json, 'restored.name')).toBe('Ann Other');
  });

  it('takes classes along and brings them back', async () => {
    await send(quiz('u_ann', 1), quiz('u_ann2', 5));
    const [ann, other] = [await learnerOf('u_ann'), await learnerOf('u_ann2')];
    const cohort = textAt((await app.call('POST', `${API}/cohorts`, { body: { name: 'Class 7b' } })).json, 'id');
    await app.call('POST', `${API}/cohorts/${cohort}/members`, { body: { learners: [other] } });
    const members = async () =>
      (at((await app.call('GET', `${API}/cohorts/${cohort}/members`)).json, 'data') as unknown[]).map((member) =>
        at(member, 'learner.id'),
      );
    await merge(other, ann);
    expect(await members()).toEqual([ann]);
    await app.call('POST', `${API}/learners/${other}/unmerge`, { body: {} });
    expect(await members()).toEqual([other]);
  });

  it('says which when several can be taken out, and who cannot be merged', async () => {
    await send(quiz('u_ann', 1), quiz('u_b', 5), quiz('u_c', 6));
    const [ann, b, c] = [await learnerOf('u_ann'), await learnerOf('u_b'), await learnerOf('u_c')];
    await merge(b, ann);
    await merge(c, ann);
    const several = await app.call('POST', `${API}/learners/${ann}/unmerge`, { body: {} });
    expect(several.status).toBe(400);
    expect(several.text).toContain(b);
    const one = await app.call('POST', `${API}/learners/${ann}/unmerge`, { body: { learner: b } });
    expect(at(one.json, 'restored.id')).toBe(b);
    expect((await app.call('POST', `${API}/learners/${b}/unmerge`, { body: {} })).status).toBe(404);
    expect((await app.call('POST', `${API}/learners/${b}/merge`, { body: { into: b } })).status).toBe(409);
    const nobody = publicId('lrn', '00000000-0000-8000-8000-000000000000');
    expect((await app.call('POST', `${API}/learners/${b}/merge`, { body: { into: nobody } })).status).toBe(404);
    expect((await app.call('POST', `${API}/learners/${b}/merge`, { body: { into: 'ann' } })).status).toBe(400);
  });

  it('of a group into another keeps who belongs to whom', async () => {
    await send(quiz('u_a', 1), quiz('u_b', 5), quiz('u_c', 6));
    const [a, b, c] = [await learnerOf('u_a'), await learnerOf('u_b'), await learnerOf('u_c')];
    await merge(a, b);
    await merge(b, c);
    expect(await attemptsOf(c)).toHaveLength(3);
    const answer = await app.call('POST', `${API}/learners/${b}/unmerge`, { body: {} });
    expect(at(answer.json, 'restored.mergedFrom.0.id')).toBe(a);
    expect(await attemptsOf(b)).toHaveLength(2);
    expect(await attemptsOf(c)).toHaveLength(1);
  });
});

/** Webhooks of a small class on all six platforms; every one different. */
function classWebhooks(seed: string, count: number): StoredWebhook[] {
  const webhooks: StoredWebhook[] = [];
  const start = Date.UTC(2026, 8, 1, 8);
  for (const event of scenario({ seed, adapters: Object.values(ADAPTERS), learners: 3, start, rhythm: 'history' })) {
    webhooks.push(webhookOf(event));
    if (webhooks.length === count) return webhooks;
  }
  return webhooks;
}

async function rows() {
  return {
    ...(await snapshot(app.db, { ids: true })),
    events: await app.db.query('SELECT id, type, learner_id, origin_id, attempt_id FROM events ORDER BY id, seq'),
    created: await app.db.query('SELECT id, name_by, email_by, excluded_by FROM learners ORDER BY id'),
    groups: await app.db.query('SELECT id, kept_id, into_id, name, email FROM merged_learners ORDER BY id'),
  };
}

describe('merges between webhooks', () => {
  it('leave nothing behind once taken back, and a rebuild ends in the same rows', { timeout: 240_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.string({ minLength: 1, maxLength: 6 }),
        fc.array(fc.tuple(fc.nat(), fc.nat(), fc.boolean()), { minLength: 3, maxLength: 12 }),
        async (seed, decisions) => {
          const webhooks = classWebhooks(seed, 90);
          const size = Math.ceil(webhooks.length / decisions.length);
          await emptyAll(app.db);
          for (let i = 0; i < webhooks.length; i += size) await send(...webhooks.slice(i, i + size));
          const never = await rows();
          const ids = (await app.db.query<{ id: Uuid }>('SELECT id FROM learners ORDER BY id')).map(({ id }) => id);

          await emptyAll(app.db);
          const merged = new Set<Uuid>();
          for (const [n, [one, other, undo]] of decisions.entries()) {
            await send(...webhooks.slice(n * size, (n + 1) * size));
            const [a, b] = [ids[one % ids.length], ids[other % ids.length]];
            if (a === undefined || b === undefined) continue;
            const [id, into] = [publicId('lrn', a), publicId('lrn', b)];
            if (undo && merged.has(a)) {
              expect((await app.call('POST', `${API}/learners/${id}/unmerge`, { body: { learner: id } })).status).toBe(
                200,
              );
              merged.delete(a);
            } else await app.call('POST', `${API}/learners/${id}/merge`, { body: { into } });
            for (const { id: now } of await app.db.query<{ id: Uuid }>(
              'SELECT id FROM merged_learners WHERE into_id IS NOT NULL',
            ))
              merged.add(now);
          }
          const before = await rows();
          await rebuildAll(app.db, 1);
          await projectAll(app.db);
          expect(await rows()).toEqual(before);

          for (;;) {
            const [next] = await app.db.query<{ id: Uuid }>(
              'SELECT id FROM merged_learners WHERE into_id IS NOT NULL ORDER BY md5(id::text) LIMIT 1',
            );
            if (next === undefined) break;
            const id = publicId('lrn', next.id);
            expect((await app.call('POST', `${API}/learners/${id}/unmerge`, { body: { learner: id } })).status).toBe(
              200,
            );
          }
          expect(await rows()).toEqual(never);
        },
      ),
      { numRuns: Number(process.env.GRADEWIRE_PROPERTY_RUNS ?? 6) },
    );
  });
});

describe('suggestions', () => {
  async function person(options: { user: string; provider?: string; name?: string; email?: string }): Promise<string> {
    const provider = options.provider ?? 'quizapi';
    const source = sourceIdOf(provider === 'synap' ? 'synap' : 'quizapi');
    const [row] = await app.db.query<{ id: Uuid }>(
      `INSERT INTO learners (workspace, id, name, email) VALUES (1, gen_random_uuid(), $1, $2) RETURNING id`,
      [options.name ?? null, options.email ?? null],
    );
    const id = row?.id ?? '';
    await app.db.query(
      `INSERT INTO identities (workspace, provider, realm, external_id, learner_id, source_id)
       VALUES (1, $1, $2::text, $3, $4, $2::uuid)`,
      [provider, source, options.user, id],
    );
    return publicId('lrn', id);
  }

  const suggested = async (query = '') => {
    const answer = await app.call('GET', `${API}/learners/suggestions${query}`);
    expect(answer.status).toBe(200);
    return answer.json;
  };

  it('name the evidence and say how likely each is, the likeliest first', async () => {
    const a = await person({ user: 'q1', name: 'Zoë Müller', email: 'Zoe@Example.org' });
    const b = await person({ user: 's1', provider: 'synap', name: 'MULLER, Zoe', email: 'zoe@example.org' });
    const c = await person({ user: 'jo_99' });
    const d = await person({ user: 'jo_99', provider: 'synap' });
    const e = await person({ user: 'q5', name: 'Kim Lee' });
    const f = await person({ user: 's5', provider: 'synap', name: 'kim  lee' });
    await person({ user: 'q7', name: 'Kim Lee' });
    await person({ user: 'q8', name: 'Max' });
    await person({ user: 's8', provider: 'synap', name: 'Max' });
    const answer = await suggested();
    const data = at(answer, 'data') as { learners: { id: string }[]; evidence: { kind: string }[]; score: number }[];
    const told = data.map(({ learners, evidence }) => [
      learners.map(({ id }) => id).sort(),
      evidence.map(({ kind }) => kind),
    ]);
    expect(told[0]).toEqual([[a, b].sort(), ['email', 'name']]);
    expect(told[1]).toEqual([[c, d].sort(), ['externalId']]);
    expect(told.slice(2).map(([, kinds]) => kinds)).toEqual([['name'], ['name']]);
    expect(told).toContainEqual([[e, f].sort(), ['name']]);
    expect(data.map(({ score }) => score)).toEqual([0.93, 0.6, 0.3, 0.3]);
    // Page by page it is the same list.
    const seen: string[] = [];
    for (let cursor: unknown = null; ; ) {
      const page = await suggested(`?limit=1${cursor === null ? '' : `&cursor=${String(cursor)}`}`);
      seen.push(textAt(page, 'data.0.id'));
      cursor = at(page, 'nextCursor');
      if (cursor === null) break;
    }
    expect(seen).toEqual(data.map((_, i) => textAt(answer, `data.${i}.id`)));
  });

  it('are the same before and after the worker came to the people, in whichever order', async () => {
    const told = async () =>
      (at(await suggested(), 'data') as { id: string; evidence: unknown[]; score: number }[]).map(
        ({ id, evidence, score }) => ({ id, evidence, score }),
      );
    const kept = async () => {
      while (await keepAlike(app.db, 1));
    };
    const a = await person({ user: 'q1', name: 'Ann Lee', email: 'Ann@Example.org' });
    await kept();
    await person({ user: 'ANN@example.org', provider: 'synap' });
    await kept();
    await person({ user: 'q2', name: 'Bo Ek', email: 'bo@example.org' });
    await person({ user: '7' });
    await person({ user: '7', provider: 'synap' });
    const b = await person({ user: 's3', provider: 'synap', name: 'Ek, Bo', email: 'BO@example.org' });
    // A mailbox of six is nobody's.
    for (let i = 0; i < 6; i++) await person({ user: `six${i}`, email: 'office@example.org' });
    const before = await told();
    expect(before.map(({ score }) => score)).toEqual([0.93, 0.9, 0.15]);
    await kept();
    expect(await told()).toEqual(before);
    // What changes is looked at anew; what is no longer shared is shown at once no more.
    const id = (learner: string) => learner.slice(4).replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
    await app.db.query(`UPDATE learners SET email = 'b@example.org', name = 'Lee Ann' WHERE id = $1`, [id(b)]);
    const changed = await told();
    expect(changed.map(({ score }) => score)).toEqual([0.9, 0.3, 0.15]);
    await kept();
    expect(await told()).toEqual(changed);
    // Merged and taken back: as before.
    await merge(b, a);
    await kept();
    expect((await told()).map(({ score }) => score)).toEqual([0.9, 0.15]);
    const undo = await app.call('POST', `${API}/learners/${a}/unmerge`, { body: { learner: b } });
    expect(undo.status, undo.text).toBe(200);
    expect(await told()).toEqual(changed);
    await kept();
    expect(await told()).toEqual(changed);
  });

  it('are gone once dismissed or merged, and never merge anybody themselves', async () => {
    await person({ user: 'q1', email: 'x@example.org' });
    await person({ user: 's1', provider: 'synap', email: 'x@example.org' });
    const id = textAt(await suggested(), 'data.0.id');
    expect(at((await app.call('GET', `${API}/learners`)).json, 'data')).toHaveLength(2);
    expect((await app.call('POST', `${API}/learners/suggestions/${id}/dismiss`)).status).toBe(204);
    expect(at(await suggested(), 'data')).toEqual([]);
    expect((await app.call('POST', `${API}/learners/suggestions/sug_1/dismiss`)).status).toBe(404);
    const key = await app.keyFor('instructor');
    expect((await app.call('GET', `${API}/learners/suggestions`, { key })).status).toBe(403);
  });
});
