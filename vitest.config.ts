import { defineConfig } from 'vitest/config';
import { LastLine } from './test/helpers/last-line.ts';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/helpers/global-setup.ts'],
    // Processes, not threads: tests start servers, send signals and change environments.
    pool: 'forks',
    // Two cores are what the smallest machine has; PostgreSQL and the servers under test want some of it too.
    maxWorkers: 2,
    // No test is about its own duration; these only end one that hangs.
    testTimeout: 60_000,
    hookTimeout: 120_000,
    teardownTimeout: 30_000,
    reporters: ['default', new LastLine()],
  },
});
