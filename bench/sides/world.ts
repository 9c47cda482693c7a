/** The databases and directories of one bench run: opened when first needed, gone at the end. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RESULTS } from '../report.ts';
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
  readonly #profile: boolean;
  readonly #databases = new Map<SideName, BenchDatabase>();
  #serial = 0;

  constructor(profile: boolean) {
    this.#profile = profile;
    mkdirSync(this.logs, { recursive: true });
  }

  /** A name that no other run of this bench has: other learners. */
  nextRun(): string {
    return `r${++this.#serial}`;
  }

  profileDir(side: SideName): string | null {
    if (!this.#profile) return null;
    const directory = `${RESULTS}profiles/${side}`;
    mkdirSync(directory, { recursive: true });
    return directory;
  }

  async start(name: SideName): Promise<Side> {
    const log = `${this.logs}${name}.log`;
    switch (name) {
      case 'bare':
        return startBare(log, this.profileDir(name));
      case 'guide':
        return startGuide(await this.database(name), log, this.profileDir(name));
      case 'gradewire':
        return startGradewire(await this.database(name), `${this.directory}/gradewire`, log, this.profileDir(name));
      default:
        return name satisfies never;
    }
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
