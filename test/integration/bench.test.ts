import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { placeForData } from '../helpers/memory.ts';

const BENCH = fileURLToPath(new URL('../../bench/run.ts', import.meta.url));
/** That it runs is what is shown here, not how fast its disk is. */
const env = { ...process.env, TMPDIR: placeForData() };
const run = (...args: string[]) => promisify(execFile)(process.execPath, [BENCH, ...args], { env });

/** Two embedded databases and three servers are started for it. */
const LONGEST_MS = 180_000;

test(
  'the bench runs: all sides take a burst, and gradewire stores and shows what it acknowledged',
  async () => {
    const { stdout } = await run('burst', 'latency', '--short', '--seconds', '1');
    for (const side of ['bare', 'guide', 'gradewire'])
      expect(stdout).toMatch(new RegExp(`\\| +16 \\| +${side} \\| +[1-9]`));
    expect(stdout).toMatch(/\| +seen live \| +[\d.,]+ \|/);
  },
  LONGEST_MS,
);

test('a figure that there is not is a usage error that lists those there are', async () => {
  await expect(run('speed')).rejects.toMatchObject({
    code: 2,
    stderr: expect.stringContaining('burst, steady, latency'),
  });
});
