/**
 * Completes package-lock.json where a registry lacks some platforms' optional packages: `npm run lockfile`.
 * npm then leaves them out of the lockfile, and `npm ci` refuses it on every machine, also on those that would never
 * install them. See docs/decisions/0082-complete-lockfile.md.
 */
import { readFileSync, writeFileSync } from 'node:fs';

const SYSTEMS = ['aix', 'android', 'darwin', 'freebsd', 'linux', 'netbsd', 'openbsd', 'openharmony', 'sunos', 'win32'];
const PROCESSORS = ['arm', 'arm64', 'ia32', 'loong64', 'mips64el', 'ppc64', 'riscv64', 's390x', 'x64'];

const file = new URL('../package-lock.json', import.meta.url);
const lock = JSON.parse(readFileSync(file, 'utf8'));
const added = [];
for (const [where, entry] of Object.entries(lock.packages)) {
  for (const [name, range] of Object.entries(entry.optionalDependencies ?? {})) {
    if (`node_modules/${name}` in lock.packages || `${where}/node_modules/${name}` in lock.packages) continue;
    const words = name.split(/[-/]/);
    const os = SYSTEMS.filter((word) => words.includes(word));
    const cpu = PROCESSORS.filter((word) => words.includes(word));
    // Without a platform npm would try to install it here and everywhere.
    if (os.length === 0 || cpu.length === 0)
      throw new Error(`${name} (optional for ${where}) names no platform that is known here.`);
    lock.packages[`node_modules/${name}`] = {
      version: range.replace(/^[^0-9]*/, ''),
      cpu,
      ...(entry.dev === true ? { dev: true } : {}),
      ...(words.includes('musl') ? { libc: ['musl'] } : {}),
      optional: true,
      os,
    };
    added.push(name);
  }
}
if (added.length > 0) {
  const { '': root, ...packages } = lock.packages;
  const sorted = Object.entries(packages).sort(([a], [b]) => a.localeCompare(b, 'en'));
  lock.packages = { '': root, ...Object.fromEntries(sorted) };
  writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`);
}
console.log(added.length === 0 ? 'package-lock.json is complete.' : `package-lock.json: added ${added.join(', ')}`);
