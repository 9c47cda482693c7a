/** Every call of every page of the dashboard on a school with a million attempts: p50 and p95, one at a time. */
import { secretBox } from '../src/core/encryption.ts';
import type { Uuid } from '../src/core/ids.ts';
import { openDatabase } from '../src/db/database.ts';
import { migrate } from '../src/db/migrate.ts';
import { sealSecrets } from '../src/sources/stored-secrets.ts';
import { fillSchool } from './api/fill.ts';
import { pageCalls } from './api/routes.ts';
import { percentiles } from './load/percentiles.ts';
import type { BenchOptions } from './options.ts';
import type { FigureResult } from './report.ts';
import { startDatabase } from './sides/database.ts';
import { ENCRYPTION_KEY, startServe } from './sides/gradewire.ts';
import type { World } from './sides/world.ts';

const ATTEMPTS = 1_000_000;
const BOUND_MS = 150;
/** Of twenty the p95 would be the slowest one, which says more of the machine than of the call. */
const ASKED = 60;
/** Untimed ones first: what is asked for once a day is not what people wait for. */
const WARM_UP = 2;

export async function api(world: World, options: BenchOptions): Promise<FigureResult> {
  // An own one: the school stays out of the other figures. GRADEWIRE_BENCH_SCHOOL: a server that has it already.
  const ready = process.env.GRADEWIRE_BENCH_SCHOOL;
  const database = ready === undefined ? await startDatabase() : null;
  const url = ready ?? database?.url ?? '';
  const db = openDatabase({ url, max: 2, name: 'bench' });
  try {
    if (ready === undefined) {
      const attempts = options.short ? 5_000 : ATTEMPTS;
      await migrate(db);
      await fillSchool(
        db,
        { attempts, learners: attempts / 10, activities: Math.max(400, attempts / 500) },
        console.log,
      );
    }
    const box = secretBox(ENCRYPTION_KEY);
    for (const { id } of await db.query<{ id: Uuid }>('SELECT id FROM sources')) {
      const sealed = sealSecrets(box, id, { secrets: [], basicAuth: [], tokens: [] });
      await db.query('UPDATE sources SET secrets = $2 WHERE id = $1', [id, sealed]);
    }
    const calls = await pageCalls(db);
    const server = await startServe({
      databaseUrl: url,
      dataDir: `${world.directory}/api`,
      ...world.launch('gradewire'),
    });
    const runs: { page: string; path: string; p50: number; p95: number; max: number }[] = [];
    try {
      for (const { page, path } of calls) {
        const times: number[] = [];
        for (let i = -WARM_UP; i < (options.short ? 2 : ASKED); i++) {
          const began = performance.now();
          const answer = await fetch(`http://127.0.0.1:${server.port}/api/v1/${path}`, {
            headers: { authorization: `Bearer ${server.adminKey}` },
          });
          await answer.arrayBuffer();
          if (answer.status !== 200) throw new Error(`GET ${path} answered ${answer.status}.`);
          if (i >= 0) times.push(performance.now() - began);
        }
        const { p50, max } = percentiles(Float64Array.from(times), times.length);
        times.sort((a, b) => a - b);
        const p95 = times[Math.min(times.length - 1, Math.floor(times.length * 0.95))] ?? 0;
        runs.push({ page, path, p50, p95: Math.round(p95 * 10) / 10, max });
      }
    } finally {
      await server.stop();
    }
    runs.sort((a, b) => b.p95 - a.p95);
    return {
      headings: ['page', 'GET /api/v1/…', 'p50 ms', 'p95 ms', 'max ms'],
      rows: runs.map((run) => [run.page, shortened(run.path), run.p50, run.p95, run.max]),
      requirements: [
        { what: 'slowest p95 of all calls, ms', value: runs[0]?.p95 ?? 0, bound: BOUND_MS, kind: 'under' },
      ],
      runs,
    };
  } finally {
    await db.close();
    await database?.stop();
  }
}

/** Ids are the bench's own. */
function shortened(path: string): string {
  return path.replaceAll(/\b(act|lrn|att|coh)_([0-9a-f]{4})[0-9a-f]+/g, '$1_$2…').replaceAll(/\.\d{3}Z/g, 'Z');
}
