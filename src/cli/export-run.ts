/** What `gradewire export` does. */
import { createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { type IdPrefix, parsePublicId, type Uuid } from '../core/ids.ts';
import type { Instant } from '../core/time.ts';
import type { AttemptState } from '../core/vocabulary.ts';
import type { Queryable } from '../db/database.ts';
import { exportAttempts } from '../exports/export-attempts.ts';
import type { ExportFormat } from '../exports/formats.ts';
import { keptLearner } from '../people/kept-learner.ts';
import { findSourceId } from '../sources/find-source-id.ts';
import { UsageError } from './failures.ts';
import { noSource } from './find-source.ts';
import { note, shortPath } from './terminal.ts';
import { WORKSPACE, withDatabase } from './with-database.ts';

export interface ExportOptions {
  format: ExportFormat;
  out?: string;
  learner?: string;
  activity?: string;
  cohort?: string;
  source?: string;
  state?: AttemptState;
  from?: Instant;
  to?: Instant;
  json?: true;
}

/** Writes the attempts that fit to the file or to standard output. */
export async function exportToFile(options: ExportOptions): Promise<void> {
  const format = options.json ? 'ndjson' : options.format;
  const [learner, activity, cohort] = [
    idOf('lrn', options.learner, '--learner'),
    idOf('act', options.activity, '--activity'),
    idOf('coh', options.cohort, '--cohort'),
  ];
  if (options.out === undefined && format === 'xlsx' && process.stdout.isTTY) {
    throw new UsageError('A spreadsheet is nothing to read in a terminal. Say where to write it with --out.');
  }
  await withDatabase(async ({ db }) => {
    const filter = {
      learnerId: learner === undefined ? undefined : await keptLearner(db, WORKSPACE, learner),
      activityId: activity,
      cohorts: cohort === undefined ? null : [cohort],
      sourceId: options.source === undefined ? undefined : await sourceIdOf(db, options.source),
      state: options.state,
      from: options.from,
      to: options.to,
    };
    const file = exportAttempts(db, WORKSPACE, filter, format);
    if (options.out === undefined) return await pipeline(file, process.stdout, { end: false });
    await pipeline(file, createWriteStream(options.out));
    note(`Written to ${shortPath(options.out)}.`);
  });
}

/** Its secrets are not needed, so neither is the encryption key. */
async function sourceIdOf(db: Queryable, which: string): Promise<Uuid> {
  const id = await findSourceId(db, WORKSPACE, which);
  if (id === null) throw noSource(which);
  return id;
}

function idOf(prefix: IdPrefix, text: string | undefined, option: string): Uuid | undefined {
  if (text === undefined) return undefined;
  const id = parsePublicId(prefix, text);
  if (id === null) throw new UsageError(`"${text}" is no id for ${option}; those begin with ${prefix}_.`);
  return id;
}
