/**
 * Builds the dashboard into web/dist: Vite, then each file compressed beside itself for the server to send. Fails when the
 * script that the Live page needs on its first load is over the limit. `npm run web:build`; ensure-web.mjs runs it when needed.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { build } from 'vite';

/** Of compressed script on the first load of Live: more keeps a phone on a school's network waiting. */
const LIMIT_KB = 250;

const web = path.join(path.dirname(path.dirname(fileURLToPath(import.meta.url))), 'web');
const dist = path.join(web, 'dist');

await build({ configFile: path.join(web, 'vite.config.ts'), logLevel: 'warn' });

const sizes = new Map();
for (const name of readdirSync(dist, { recursive: true, encoding: 'utf8' })) {
  if (!/[.](js|css|svg|json)$/.test(name) || name.startsWith('.')) continue;
  const file = path.join(dist, name);
  const bytes = readFileSync(file);
  const gzip = gzipSync(bytes, { level: 9 });
  writeFileSync(`${file}.gz`, gzip);
  writeFileSync(`${file}.br`, brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } }));
  sizes.set(name.split(path.sep).join('/'), gzip.length);
}

const manifest = JSON.parse(readFileSync(path.join(dist, '.vite/manifest.json'), 'utf8'));
const needed = new Set();
function need(key) {
  const chunk = manifest[key];
  if (chunk === undefined || needed.has(chunk.file)) return;
  needed.add(chunk.file);
  for (const imported of chunk.imports ?? []) need(imported);
}
for (const key of ['index.html', 'src/pages/live/live-page.tsx', 'src/messages/en/catalogue.ts']) {
  if (manifest[key] === undefined) throw new Error(`${key} is not in the build: it is part of what Live loads first.`);
  need(key);
}
const kilobytes = [...needed].reduce((sum, file) => sum + (sizes.get(file) ?? 0), 0) / 1000;
const told = `First load of Live: ${kilobytes.toFixed(1)} kB of compressed script in ${needed.size} files (limit ${LIMIT_KB}).`;
if (kilobytes > LIMIT_KB) {
  process.stderr.write(`${told}\n`);
  process.exitCode = 1;
} else if (process.env.GRADEWIRE_QUIET_BUILD === undefined) {
  process.stdout.write(`${told}\n`);
}
