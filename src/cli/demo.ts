/** `gradewire demo`: the same server on data of its own, with a simulated class that plays on it until Ctrl-C. */
import { Command } from 'commander';
import type { DemoOptions } from './demo-run.ts';
import { wholeNumber } from './failures.ts';

export function demoCommand(): Command {
  return new Command('demo')
    .description('Run the server on data of its own, with a class of 30 playing on five platforms, until Ctrl-C.')
    .option('--data-dir <dir>', 'where the demo keeps its data', '.gradewire-demo')
    .option('--learners <n>', 'how many people play', wholeNumber(1, 2000), 30)
    .option('--no-history', 'do not begin with three weeks of earlier results')
    .addHelpText(
      'after',
      `
Everything goes through the real, signed ingest path. Delete the data directory
to begin anew. DATABASE_URL is not used.

Examples:
  npm run demo
  PORT=9000 npm run demo -- --learners 100`,
    )
    .action(async (options: DemoOptions) => {
      const { demo } = await import('./demo-run.ts');
      await demo(options);
    });
}
