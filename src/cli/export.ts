/** `gradewire export`: attempts as a file. */
import { Command, InvalidArgumentError, Option } from 'commander';
import { fromMillis, type Instant, parseInstant } from '../core/time.ts';
import { ATTEMPT_STATES } from '../core/vocabulary.ts';
import { EXPORT_FORMATS } from '../exports/formats.ts';
import type { ExportOptions } from './export-run.ts';

export function exportCommand(): Command {
  return new Command('export')
    .description('Write attempts as CSV, NDJSON or a spreadsheet, newest first.')
    .addOption(new Option('--format <format>', 'what to write').choices(EXPORT_FORMATS).default('csv'))
    .option('--out <file>', 'where to; standard output when not said')
    .option('--learner <id>', 'those of a learner')
    .option('--activity <id>', 'those at an activity')
    .option('--cohort <id>', 'those of the learners of a class')
    .option('--source <source>', 'those of a source, by slug or id')
    .addOption(new Option('--state <state>', 'those that stand so').choices(ATTEMPT_STATES))
    .option('--from <time>', 'opened at this time or later', instant)
    .option('--to <time>', 'opened before this time', instant)
    .option('--json', 'the same as --format ndjson')
    .addHelpText(
      'after',
      `
Rows are written as they are read, so any number takes the same memory. Texts
that a spreadsheet would run as formulas have an apostrophe before them; numbers
stay numbers.

Examples:
  gradewire export --out attempts.csv
  gradewire export --format xlsx --from 2026-03-01 --out march.xlsx
  gradewire export --json --source testpress | jq .percentage`,
    )
    .action(async (options: ExportOptions) => {
      const { exportToFile } = await import('./export-run.ts');
      await exportToFile(options);
    });
}

function instant(text: string): Instant {
  const date = /^\d{4}-\d{2}-\d{2}$/.test(text) ? fromMillis(Date.parse(`${text}T00:00:00Z`)) : parseInstant(text);
  if (date === null) throw new InvalidArgumentError('Give a date or time such as 2026-03-01 or 2026-03-01T08:00:00Z.');
  return date;
}
