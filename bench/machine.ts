/** What the machine is, and what processes take of it. Process figures come from /proc and are 0 elsewhere. */
import { readdirSync, readFileSync } from 'node:fs';
import { arch, cpus, release, totalmem, type } from 'node:os';
import process from 'node:process';

export interface Machine {
  cpu: string;
  cores: number;
  memoryGiB: number;
  system: string;
  node: string;
  at: string;
}

export function describeMachine(): Machine {
  const all = cpus();
  return {
    cpu: all[0]?.model.trim() ?? 'unknown',
    cores: all.length,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    system: `${type()} ${release()} ${arch()}`,
    node: process.version,
    at: new Date().toISOString(),
  };
}

/** Clock ticks a second in /proc: fixed by Linux's ABI. */
const TICKS = 100;

/** CPU seconds that a process took so far, all threads, and its children's, dead or alive. */
export function cpuSeconds(pid: number): number {
  const own = statOf(pid);
  if (own === null) return 0;
  let ticks = own.ticks + own.childTicks;
  for (const name of procEntries()) {
    const child = statOf(Number(name));
    if (child?.parent === pid) ticks += child.ticks;
  }
  return ticks / TICKS;
}

/** Resident memory of a process in MB (10^6 bytes): now, and at its highest. */
export function residentMb(pid: number): { now: number; highest: number } {
  let text = '';
  try {
    text = readFileSync(`/proc/${pid}/status`, 'utf8');
  } catch {
    return { now: 0, highest: 0 };
  }
  const kb = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(text)?.[1] ?? 0);
  return { now: (kb('VmRSS') * 1024) / 1e6, highest: (kb('VmHWM') * 1024) / 1e6 };
}

function procEntries(): string[] {
  try {
    return readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  } catch {
    return [];
  }
}

function statOf(pid: number): { parent: number; ticks: number; childTicks: number } | null {
  let text = '';
  try {
    text = readFileSync(`/proc/${pid}/stat`, 'utf8');
  } catch {
    return null;
  }
  // The command's name stands in parentheses and may hold blanks; fields are counted after it.
  const fields = text
    .slice(text.lastIndexOf(')') + 2)
    .split(' ')
    .map(Number);
  const [, parent = 0] = fields;
  const [user = 0, system = 0, childUser = 0, childSystem = 0] = fields.slice(11, 15);
  return { parent, ticks: user + system, childTicks: childUser + childSystem };
}
