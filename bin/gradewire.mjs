#!/usr/bin/env node
// Runs src/cli/main.ts with a Node that strips types: this one, or the one that came with `npm install` (node_modules).
// Plain JavaScript for Node 20 and later, without dependencies.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import module from 'node:module';
import { constants } from 'node:os';
import { fileURLToPath } from 'node:url';

const main = fileURLToPath(new URL('../src/cli/main.ts', import.meta.url));
const args = process.argv.slice(2);
const [major = 0] = process.versions.node.split('.').map(Number);

// A server must stay small (docs/performance.md, "Memory"): left alone, Node's young generation and the arenas of malloc grow
// to twice what it needs. Both can be set only at the start of a process.
const serves = args[0] === 'serve' || args[0] === 'demo';
const flags = serves ? ['--max-semi-space-size=8'] : [];
// Half of the time to ready is stripping types and compiling. Set here and not in TypeScript: what is loaded before it is set loads
// the compiler, 8 MB in each thread. Kept in node_modules, where a reinstall clears it.
const cache =
  process.env.NODE_COMPILE_CACHE ?? fileURLToPath(new URL('../node_modules/.cache/gradewire', import.meta.url));
const env = {
  ...process.env,
  NODE_COMPILE_CACHE: cache,
  ...(serves ? { MALLOC_ARENA_MAX: process.env.MALLOC_ARENA_MAX ?? '2' } : {}),
};

// 26 is what everything is tested with; an older one that strips types too would still be another Node.
if (major >= 26 && !(serves && canReplace())) {
  process.argv[1] = main;
  module.enableCompileCache(cache);
  await import(new URL('../src/cli/main.ts', import.meta.url).href);
} else if (major >= 26) {
  process.execve(process.execPath, [process.execPath, ...process.execArgv, ...flags, main, ...args], env);
} else {
  const packaged = fileURLToPath(
    new URL(
      process.platform === 'win32' ? '../node_modules/.bin/node.cmd' : '../node_modules/.bin/node',
      import.meta.url,
    ),
  );
  if (!existsSync(packaged)) {
    console.error('gradewire: this is not installed yet. Run `npm install` in its directory, or use Node 26 or later.');
    process.exit(1);
  }
  const child = spawn(packaged, [...flags, main, ...args], {
    stdio: 'inherit',
    shell: process.platform === 'win32',
    env,
  });
  // A terminal sends Ctrl-C to both; others (docker, systemd, kill) only to this one, so it is passed on. The child
  // decides when to end, and a second copy of the same Ctrl-C must not look like an impatient second one.
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP']) {
    process.on(signal, () => {
      if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal);
    });
  }
  child.on('error', (error) => {
    console.error(`gradewire: its Node could not be started: ${error.message}`);
    process.exit(1);
  });
  child.on('exit', (code, signal) =>
    process.exit(signal === null ? (code ?? 1) : 128 + (constants.signals[signal] ?? 0)),
  );
}

/** Whether this process can become another program in its place: same pid, so signals and terminals need no relay. */
function canReplace() {
  return typeof process.execve === 'function' && process.platform !== 'win32';
}
