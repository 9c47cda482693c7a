/** Starts the two yardsticks. */
import { fileURLToPath } from 'node:url';
import type { GuideBacklog } from '../servers/guide.ts';
import { type Launch, portOf, startChild, stopChild } from './child.ts';
import type { BenchDatabase } from './database.ts';
import type { Side } from './side.ts';
import { SECRET } from './side.ts';

const HOST = '127.0.0.1';
const PATH = '/webhooks/quizapi';

export async function startBare(launch: Launch): Promise<Side> {
  const child = startChild({ args: [program('bare')], env: { QUIZAPI_WEBHOOK_SECRET: SECRET }, ...launch });
  const port = await portOf(child, launch.logFile);
  return {
    name: 'bare',
    target: { host: HOST, port, path: PATH, secret: SECRET },
    pid: child.pid ?? 0,
    backlog: async () => ({ oldestSeconds: 0 }),
    waiting: async () => 0,
    stored: async () => 0,
    stop: () => stopChild(child),
  };
}

export async function startGuide(database: BenchDatabase, launch: Launch): Promise<Side> {
  const env = { QUIZAPI_WEBHOOK_SECRET: SECRET, DATABASE_URL: database.url };
  const child = startChild({ args: [program('guide')], env, ...launch });
  const port = await portOf(child, launch.logFile);
  async function told(): Promise<GuideBacklog> {
    return (await (await fetch(`http://${HOST}:${port}/backlog`)).json()) as GuideBacklog;
  }
  return {
    name: 'guide',
    target: { host: HOST, port, path: PATH, secret: SECRET },
    pid: child.pid ?? 0,
    backlog: async () => ({ oldestSeconds: (await told()).oldestSeconds }),
    async waiting() {
      const { acknowledged, stored, failed } = await told();
      return acknowledged - stored - failed;
    },
    stored: () => database.number('SELECT count(*) FROM student_progress'),
    stop: () => stopChild(child),
  };
}

function program(name: 'bare' | 'guide'): string {
  return fileURLToPath(new URL(`../servers/${name}.ts`, import.meta.url));
}
