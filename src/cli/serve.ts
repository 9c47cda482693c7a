/** `gradewire serve`: the server, until SIGTERM or Ctrl-C. */
import { Command } from 'commander';

export function serveCommand(): Command {
  return new Command('serve')
    .description('Run the server: takes webhooks, keeps the record, serves API and live streams.')
    .addHelpText(
      'after',
      `
Without DATABASE_URL it brings up a PostgreSQL of its own in the data directory.
SIGTERM or Ctrl-C drains and ends it. The log goes to standard error as JSON; at
a terminal, unless LOG_LEVEL is set, only warnings and errors show.

Examples:
  gradewire serve
  PORT=9000 LOG_LEVEL=info gradewire serve
  DATABASE_URL=postgres://… GRADEWIRE_ADMIN_KEY=… GRADEWIRE_ENCRYPTION_KEY=… \\
    gradewire serve`,
    )
    .action(async () => {
      const { serve } = await import('./serve-run.ts');
      await serve();
    });
}
