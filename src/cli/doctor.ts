/** `gradewire doctor`: compares the database with what this version expects. */
import { Command } from 'commander';

export function doctorCommand(): Command {
  return new Command('doctor')
    .description('Look at the database and say what is not as it should be. Changes nothing.')
    .option('--json', 'print {"ok", "findings"}')
    .addHelpText(
      'after',
      `
Looks at the server's settings, migrations, schema, partitions, the encryption
key and the queue. The exit code is 1 when something is not as it should be.

Examples:
  gradewire doctor
  gradewire doctor --json | jq '.findings[] | select(.ok | not)'`,
    )
    .action(async (options: { json?: true }) => {
      const { doctor } = await import('./doctor-run.ts');
      await doctor(options);
    });
}
