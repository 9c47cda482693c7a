/** The databases and directories of one bench run: opened when first needed, gone at the end. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BenchOptions } from '../options.ts';
import { RESULTS } from '../report.ts';
import type { Launch } from './child.ts';
import type { BenchDatabase } from './database.ts';
import { startDatabase } from './database.ts';
import { startGradewire } from './gradewire.ts';
import type { Side, SideName } from './side.ts';
import { startBare, startGuide } from './yardsticks.ts';

export class World {
  /** Fresh for this bench run: keys and spool of the server, databases that the server itself starts. */
  readonly directory = mkdtempSync(join(tmpdir(), 'gradewire-bench-'));
  /** Where servers write; kept after the bench for a look when something failed. */
  readonly logs = `${RESULTS}logs/`;
  readonly #options: BenchOptions;
  readonly #databases = new Map<SideName, BenchDatabase>();
  #serial = 0;

  constructor(options: BenchOptions) {
    this.#options = options;
    mkdirSync(this.logs, { recursive: true });
  }

  /** A name that no other run of this bench has: other learners. */
  nextRun(): string {
    return `r${++this.#serial}`;
  }

  /** How a side's process is run: its log, and the flags that were asked for. */
  launch(side: SideName): Launch {
    const nodeFlags = side === 'gradewire' ? [...this.#options.nodeFlags] : [];
    if (this.#options.profile) {
      const directory = `${RESULTS}profiles/${side}`;
      mkdirSync(directory, { recursive: true });
      nodeFlags.push('--cpu-prof', `--cpu-prof-dir=${directory}`, '--cpu-prof-interval=500');
    }
    return { nodeFlags, logFile: `${this.logs}${side}.log` };
  }

  async start(name: SideName): Promise<Side> {
    switch (name) {
      case 'bare':
        return startBare(this.launch(name));
      case 'guide':
        return startGuide(await this.database(name), this.launch(name));
      case 'gradewire':
        return this.startGradewire();
      default:
        return name satisfies never;
    }
  }

  /** The side gradewire with its admin key, for figures that also read. */
  async startGradewire(): Promise<Awaited<ReturnType<typeof startGradewire>>> {
    return startGradewire(await this.database('gradewire'), `${this.directory}/gradewire`, this.launch('gradewire'));
  }

  async database(side: SideName): Promise<BenchDatabase> {
    const database = this.#databases.get(side) ?? (await startDatabase());
    this.#databases.set(side, database);
    return database;
  }

  /** Process id of a side's database server; null when it has none. */
  databasePid(side: SideName): number | null {
    return this.#databases.get(side)?.pid ?? null;
  }

  /** After a run: what one side left to be written is not paid by the next. */
  async settle(side: SideName): Promise<void> {
    await this.#databases.get(side)?.settle();
  }

  async close(): Promise<void> {
    for (const database of this.#databases.values()) await database.stop();
    rmSync(this.directory, { recursive: true, force: true });
  }
}
