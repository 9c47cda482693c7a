/**
 * Calls that ended are garbage of the young, however long others have been under way: kept in a Map or a Set they were carried
 * into the old generation, because each dead table there points to the next one, and collecting them took half a core.
 */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const SCRIPT = fileURLToPath(new URL('../helpers/under-way-process.ts', import.meta.url));
/** Of 150 MB; a Map leaves 6 MB of them, links that stay 20 to 50. */
const LITTLE = 1024 * 1024;

test('deadlines and signals hold nothing that ended before them', async () => {
  // A heap of its own: what other tests did to theirs decides where V8 makes objects.
  const { stdout } = await promisify(execFile)(process.execPath, ['--expose-gc', SCRIPT]);
  const grown = JSON.parse(stdout) as { deadlines: number; signal: number };
  expect(grown.deadlines).toBeLessThan(LITTLE);
  expect(grown.signal).toBeLessThan(LITTLE);
});
