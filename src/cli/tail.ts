/** `gradewire tail`: follows the feed of events. */
import { Command, InvalidArgumentError } from 'commander';
import { EVENT_TYPES, type EventType } from '../core/vocabulary.ts';
import { wholeNumber } from './failures.ts';
import type { TailOptions } from './tail-run.ts';

export function tailCommand(): Command {
  return new Command('tail')
    .description('Show events as they happen, until Ctrl-C.')
    .option('-n, --last <count>', 'begin with the last so many', wholeNumber(0, 100_000), 10)
    .option('--type <type,…>', 'only these types, e.g. attempt.completed', types)
    .option('--no-follow', 'print those and end')
    .option('--json', 'one JSON object a line (NDJSON), as the API shows events')
    .addHelpText(
      'after',
      `
Examples:
  gradewire tail
  gradewire tail --type attempt.completed,attempt.regraded
  gradewire tail --json | jq -r 'select(.attempt.percentage < 50).learner.id'
  gradewire tail --last 1000 --no-follow --json > events.ndjson`,
    )
    .action(async (options: TailOptions) => {
      const { tail } = await import('./tail-run.ts');
      await tail(options);
    });
}

function types(text: string): EventType[] {
  return text.split(',').map((name) => {
    const known = EVENT_TYPES.find((type) => type === name.trim());
    if (known === undefined) throw new InvalidArgumentError(`"${name}" is none. Types: ${EVENT_TYPES.join(', ')}.`);
    return known;
  });
}
