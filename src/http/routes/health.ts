/** For those who run this: is the process alive, can it work, and how does it do. */
import { Type } from 'typebox';
import { ERRORS, GradewireError } from '../../core/errors.ts';
import { pendingMigrations, readMigrations } from '../../db/migrate.ts';
import type { App, HttpContext } from '../context.ts';
import { sendError } from '../error-handler.ts';
import { measureProcess, measureQueue } from '../metrics.ts';

/** A probe wants an answer, also when the database hangs instead of refusing. */
const PROBE_MS = 1_000;

const okSchema = Type.Object({ status: Type.Literal('ok'), version: Type.String() });

export function healthRoutes(app: App, context: HttpContext): void {
  const tags = ['Operations'];
  const migrations = readMigrations();
  migrations.catch(() => {}); // told by /readyz, which awaits it
  const ok = { status: 'ok' as const, version: context.version };

  app.get(
    '/healthz',
    {
      config: { access: 'public' },
      schema: { tags, summary: 'Whether the process is alive', response: { 200: okSchema } },
    },
    async () => ok,
  );

  app.get(
    '/readyz',
    {
      config: { access: 'public' },
      schema: {
        tags,
        summary: 'Whether it can work: the database answers and its schema is the one this version expects',
        response: { 200: okSchema },
      },
    },
    async (request, reply) => {
      let pending: readonly string[];
      try {
        pending = await within(
          PROBE_MS,
          migrations.then((wanted) => pendingMigrations(context.db, wanted)),
        );
      } catch (error) {
        request.log.warn({ err: error }, 'not ready: the database does not answer');
        return sendError(
          reply,
          new GradewireError('store_unavailable', 'The database does not answer. Check that it runs.'),
        );
      }
      if (pending.length === 0) return ok;
      return sendError(
        reply,
        new GradewireError(
          'store_unavailable',
          `The database lacks ${pending.length} migrations, ${pending[0]} first. Run \`gradewire migrate\`.`,
        ),
      );
    },
  );

  measureProcess(context.registry);
  measureQueue(context.registry, context.db);
  app.get(
    '/metrics',
    {
      config: { access: 'public' },
      schema: { tags, summary: 'Figures for Prometheus', produces: ['text/plain'], response: { 200: Type.String() } },
    },
    async (_request, reply) => {
      const text = await context.registry.metrics();
      return reply
        .type(context.registry.contentType)
        .serializer((payload: string) => payload)
        .send(text);
    },
  );
}

async function within<T>(ms: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new GradewireError('store_unavailable', ERRORS.store_unavailable.message)), ms);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
