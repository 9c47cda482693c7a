/**
 * The functions in which a CPU profile spent its time: `node bench/profile-top.ts <file or directory> [rows]`.
 * Shares are of the time the thread was not idle.
 */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

interface ProfileNode {
  id: number;
  callFrame: { functionName: string; url: string; lineNumber: number };
  children?: number[];
}

/** The format of --cpu-prof: samples name nodes, timeDeltas are microseconds. */
interface Profile {
  nodes: ProfileNode[];
  samples: number[];
  timeDeltas: number[];
}

interface Line {
  name: string;
  selfMs: number;
  totalMs: number;
}

/** Prints the top of every profile in the directory (and below). */
export function printProfiles(path: string, rows: number): void {
  for (const file of profilesIn(path)) {
    const { lines, idleMs, busyMs } = topFunctions(JSON.parse(readFileSync(file, 'utf8')) as Profile);
    console.log(`\n${file}: busy ${(busyMs / 1000).toFixed(1)} s, idle ${(idleMs / 1000).toFixed(1)} s`);
    console.log('   self %   self ms  total %  function');
    const share = (ms: number) => ((ms / busyMs) * 100).toFixed(1);
    for (const line of lines.slice(0, rows)) {
      console.log(
        `${share(line.selfMs).padStart(9)}${line.selfMs.toFixed(0).padStart(10)}${share(line.totalMs).padStart(9)}  ${line.name}`,
      );
    }
  }
}

/** Functions by self time, largest first; total counts a recursive function once. */
function topFunctions(profile: Profile): { lines: Line[]; idleMs: number; busyMs: number } {
  const selfOf = new Map<number, number>();
  profile.samples.forEach((id, i) => {
    selfOf.set(id, (selfOf.get(id) ?? 0) + (profile.timeDeltas[i] ?? 0) / 1000);
  });
  const nodes = new Map(profile.nodes.map((node) => [node.id, node]));
  const lines = new Map<string, Line>();
  let idleMs = 0;
  let busyMs = 0;

  // Depth first with a stack of our own: call trees are deeper than the stack of a recursive walk likes.
  const root = profile.nodes[0];
  const open: string[] = [];
  const totals: number[] = [];
  const walk: { id: number; entered: boolean }[] = root === undefined ? [] : [{ id: root.id, entered: false }];
  for (let step = walk.at(-1); step !== undefined; step = walk.at(-1)) {
    const node = nodes.get(step.id);
    if (node === undefined) throw new Error(`The profile names node ${step.id} and does not hold it.`);
    const name = nameOf(node);
    if (!step.entered) {
      step.entered = true;
      open.push(name);
      totals.push(selfOf.get(step.id) ?? 0);
      for (const child of node.children ?? []) walk.push({ id: child, entered: false });
      continue;
    }
    walk.pop();
    open.pop();
    const total = totals.pop() ?? 0;
    if (totals.length > 0) totals[totals.length - 1] = (totals.at(-1) ?? 0) + total;
    const self = selfOf.get(step.id) ?? 0;
    if (name === '(idle)') {
      idleMs += self;
      continue;
    }
    busyMs += self;
    const line = lines.get(name) ?? { name, selfMs: 0, totalMs: 0 };
    line.selfMs += self;
    if (!open.includes(name)) line.totalMs += total;
    lines.set(name, line);
  }
  return { lines: [...lines.values()].sort((a, b) => b.selfMs - a.selfMs), idleMs, busyMs };
}

function nameOf(node: ProfileNode): string {
  const { functionName, url, lineNumber } = node.callFrame;
  const place = url === '' ? '' : ` ${url.replace(/^file:\/\//, '').replace(process.cwd(), '.')}:${lineNumber + 1}`;
  return `${functionName === '' ? '(anonymous)' : functionName}${place}`;
}

function profilesIn(path: string): string[] {
  if (!statSync(path, { throwIfNoEntry: false })) return [];
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.cpuprofile'))
    .map((name) => join(path, name));
}

if (import.meta.main) {
  const [path, rows] = process.argv.slice(2);
  if (path === undefined) {
    console.error('node bench/profile-top.ts <file or directory> [rows]');
    process.exitCode = 2;
  } else {
    printProfiles(path, Number(rows ?? 30));
  }
}
