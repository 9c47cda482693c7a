/** Tables on the terminal, results as JSON. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Machine } from './machine.ts';
import type { BenchOptions, Figure } from './options.ts';

export const RESULTS = fileURLToPath(new URL('results/', import.meta.url));

/** One line of the issue, and whether the measured value reaches it. */
export interface Requirement {
  what: string;
  value: number;
  bound: number;
  /** `least`: the value must not be below the bound; `under`: it must be below it. */
  kind: 'least' | 'under';
}

export interface FigureResult {
  headings: readonly string[];
  rows: readonly (readonly (string | number)[])[];
  requirements: readonly Requirement[];
  /** Every single run, for the JSON. */
  runs: readonly object[];
}

function holds(requirement: Requirement): boolean {
  return requirement.kind === 'least' ? requirement.value >= requirement.bound : requirement.value < requirement.bound;
}

/** Prints a figure's table and requirements, and writes bench/results/<figure>-<time>.json. */
export function report(figure: Figure, result: FigureResult, machine: Machine, options: BenchOptions): void {
  console.log(`\n${table(result.headings, result.rows)}\n`);
  if (options.short) console.log('A short run: it shows that the bench works; its figures mean nothing.');
  for (const one of options.short ? [] : result.requirements) {
    const verdict = holds(one) ? 'reached' : 'MISSED';
    console.log(
      `${verdict}  ${one.what}: ${number(one.value)}, required ${one.kind === 'least' ? '≥' : '<'} ${one.bound}`,
    );
  }
  mkdirSync(RESULTS, { recursive: true });
  const file = `${RESULTS}${figure}${options.short ? '-short' : ''}-${machine.at.replaceAll(/[:.]/g, '-')}.json`;
  writeFileSync(file, `${JSON.stringify({ figure, machine, options, ...result }, null, 2)}\n`);
  console.log(`written to ${file}`);
}

/** The middle value; the mean of the two middle ones of an even number; 0 of none. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? 0;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? 0) + upper) / 2;
}

function table(headings: readonly string[], rows: FigureResult['rows']): string {
  const cells = [headings, ...rows.map((row) => row.map((cell) => (typeof cell === 'number' ? number(cell) : cell)))];
  const widths = headings.map((_, column) => Math.max(...cells.map((row) => row[column]?.length ?? 0)));
  const lines = cells.map((row) => `| ${row.map((cell, column) => cell.padStart(widths[column] ?? 0)).join(' | ')} |`);
  lines.splice(1, 0, `|${widths.map((width) => `${'-'.repeat(width + 1)}:`).join('|')}|`);
  return lines.join('\n');
}

function number(value: number): string {
  return value >= 100 ? Math.round(value).toLocaleString('en') : String(Math.round(value * 100) / 100);
}
