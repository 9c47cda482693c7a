import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';
import { LastLine } from './test/helpers/last-line.ts';

/** Files that take a minute or more begin first, so that the run does not end with one of them alone on two cores. */
const LONG = [
  'e2e/accessibility',
  'integration/crash',
  'integration/cli-serve',
  'integration/bench',
  'integration/embedded-postgres',
];

class LongFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const place = ({ moduleId }: TestSpecification) => {
      const at = LONG.findIndex((name) => moduleId.includes(name));
      return at === -1 ? LONG.length : at;
    };
    return (await super.sort(files)).sort((a, b) => place(a) - place(b));
  }
}

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/helpers/global-setup.ts'],
    // Processes, not threads: tests start servers, send signals and change environments.
    pool: 'forks',
    // Two cores are what the smallest machine has; PostgreSQL and the servers under test want some of it too.
    maxWorkers: 2,
    sequence: { sequencer: LongFirst },
    // No test is about its own duration; these only end one that hangs.
    testTimeout: 60_000,
    hookTimeout: 120_000,
    teardownTimeout: 30_000,
    reporters: ['default', new LastLine()],
  },
});
