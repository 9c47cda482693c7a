/** `gradewire migrate`: brings the database to this version's schema. */
import { Command } from 'commander';
import { say, sayJson, styled } from './terminal.ts';

export function migrateCommand(): Command {
  return new Command('migrate')
    .description('Bring the database to the schema of this version. `serve` does it by itself at each start.')
    .option('--json', 'print {"applied": [names]}')
    .addHelpText(
      'after',
      `
Safe to run any number of times, by any number of processes at once.

Examples:
  gradewire migrate
  DATABASE_URL=postgres://…@db.internal/gradewire gradewire migrate`,
    )
    .action(async (options: { json?: true }) => {
      const { migrate } = await import('../db/migrate.ts');
      const { withUnmigratedDatabase } = await import('./with-database.ts');
      const { reachDatabase } = await import('../db/reach-database.ts');
      const applied = await withUnmigratedDatabase(async ({ db, settings }) => {
        await reachDatabase(db, settings);
        return migrate(db);
      });
      if (options.json) return sayJson({ applied });
      if (applied.length === 0) return say(`${styled('green', '✓')} The database is up to date.`);
      for (const name of applied) say(`${styled('green', '✓')} ${name}`);
      say(`${applied.length === 1 ? 'One migration' : `${applied.length} migrations`} applied.`);
    });
}
