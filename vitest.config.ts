import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';
import { LastLine } from './test/helpers/last-line.ts';

/**
 * Files with a process of their own: they start servers and commands (so that sharing would save them little), or are about
 * something that belongs to a whole process: its clock, its signals, its global `fetch`, its threads, how long or how much
 * memory something takes. All others follow each other in the same two processes, which load the product once: as in a server
 * that runs for weeks, nothing that is kept between requests may make a difference, least of all between databases.
 */
const ALONE = [
  'test/e2e/*',
  'test/conformance/linear-time*',
  'test/unit/{live-parts,load-settings,outgoing-lookup}*',
  'test/integration/{bench,cli-,crash,embedded-postgres,ensure-installed,listen,migrate,server}*',
  'test/integration/{accounts-live,accounts-sso,attention-live,delivery,doctor,http-errors,ingest-d,live-slow-client}*',
  'test/integration/{outgoing-http,poison,simulator-sending,transactions,web-files,webhook,xapi-endpoint}*',
];

/** Files that take long begin first, so that the run does not end with one of them alone on two cores. */
const LONG = [
  'e2e/accessibility',
  'integration/crash',
  'integration/cli-serve',
  'e2e/dashboard',
  'integration/embedded-postgres',
  'e2e/manners',
  'integration/bench',
  'e2e/endpoints',
];
const LONG_TOGETHER = [
  'integration/rollups',
  'integration/people-merge',
  'integration/projection-order',
  'conformance/',
];

class LongFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const place = ({ moduleId, project }: TestSpecification) => {
      // A process that is shared ends when the next file wants one of its own: those come all before.
      const names = project.config.isolate ? LONG : LONG_TOGETHER;
      const at = names.findIndex((name) => moduleId.includes(name));
      return (project.config.isolate ? 0 : 1_000) + (at === -1 ? names.length : at);
    };
    return (await super.sort(files)).sort((a, b) => place(a) - place(b));
  }
}

const everyFile = {
  // Processes, not threads: tests start servers, send signals and change environments.
  pool: 'forks',
  // Two cores are what the smallest machine has; PostgreSQL and the servers under test want some of it too.
  maxWorkers: 2,
  // No test is about its own duration; these only end one that hangs.
  testTimeout: 60_000,
  hookTimeout: 120_000,
} as const;

export default defineConfig({
  test: {
    maxWorkers: everyFile.maxWorkers,
    projects: [
      { test: { ...everyFile, name: 'alone', include: ALONE.map((name) => `${name}.test.ts`), isolate: true } },
      {
        test: {
          ...everyFile,
          name: 'together',
          include: ['test/**/*.test.ts'],
          exclude: ALONE.map((name) => `${name}.test.ts`),
          isolate: false,
        },
      },
    ],
    globalSetup: ['test/helpers/global-setup.ts'],
    sequence: { sequencer: LongFirst },
    teardownTimeout: 30_000,
    reporters: ['default', new LastLine()],
  },
});
