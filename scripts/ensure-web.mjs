/**
 * Runs before `npm start`, `npm test` and `npm run demo`, after ensure-installed.mjs: builds the dashboard when web/dist is
 * missing or was made from other sources.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const web = path.join(root, 'web');
const stamp = path.join(web, 'dist', '.made-from');

function filesUnder(folder) {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => path.join(folder, name))
    .filter((file) => statSync(file).isFile());
}

/** SHA-256 over everything that the build reads. */
function fingerprint() {
  const hash = createHash('sha256');
  const files = [
    ...filesUnder(path.join(web, 'src')),
    ...filesUnder(path.join(web, 'public')),
    ...['index.html', 'vite.config.ts', 'package.json'].map((name) => path.join(web, name)),
    path.join(root, 'package-lock.json'),
    path.join(root, 'scripts', 'build-web.mjs'),
  ];
  for (const file of files.sort()) hash.update(`${path.relative(root, file)}\0`).update(readFileSync(file));
  return hash.digest('hex');
}

const made = fingerprint();
if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== made) {
  const started = Date.now();
  process.stdout.write('Building the dashboard …\n');
  const { status, stdout, stderr } = spawnSync(process.execPath, [path.join(root, 'scripts', 'build-web.mjs')], {
    cwd: root,
    env: { ...process.env, GRADEWIRE_QUIET_BUILD: '1' },
    encoding: 'utf8',
  });
  if (status === 0) {
    writeFileSync(stamp, made);
    process.stdout.write(`✔ Built the dashboard in ${Math.round((Date.now() - started) / 1000)} s.\n`);
  } else {
    process.stderr.write(`${stdout}${stderr}\nThe dashboard could not be built. What Vite said is above.\n`);
    process.exitCode = 1;
  }
}
