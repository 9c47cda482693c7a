/** `gradewire replay`: reads stored receipts again. Nothing is counted twice. */
import { Argument, Command, InvalidArgumentError, Option } from 'commander';
import { fromMillis, type Instant, parseInstant } from '../core/time.ts';
import { RECEIPT_STATUSES } from '../normalise/receipts/receipt-filter.ts';
import { UsageError } from './failures.ts';
import type { ReplayOptions } from './replay-run.ts';

export function replayCommand(): Command {
  return new Command('replay')
    .description('Read stored receipts again, e.g. after a mapping was mended. Counts nothing twice.')
    .addArgument(new Argument('[receipt]', 'one receipt, by its id'))
    .option('--all', 'every receipt')
    .option('--rebuild', 'with --all: clear the progress first and make it anew from the receipts')
    .option('--source <source>', 'those of a source, by slug or id')
    .addOption(new Option('--status <status>', 'those that ended so').choices(RECEIPT_STATUSES))
    .option('--from <time>', 'received at this time or later', instant)
    .option('--to <time>', 'received before this time', instant)
    .option('--deliver', 'pass on to endpoints what they mean, also what was passed on before')
    .option('--wait', 'until everything is read')
    .option('--json', 'print {"count": receipts queued}')
    .addHelpText(
      'after',
      `
The receipts are queued; the running server reads them, or the next that starts.

Examples:
  gradewire replay --status failed
  gradewire replay --source testpress --from 2026-03-01 --to 2026-04-01
  gradewire replay rcp_3f0c…
  gradewire replay --all --rebuild --wait`,
    )
    .action(async (receipt: string | undefined, options: ReplayOptions) => {
      checkUsage(receipt, options);
      const { replay } = await import('./replay-run.ts');
      await replay(receipt, options);
    });
}

function checkUsage(receipt: string | undefined, options: ReplayOptions): void {
  const filtered = [options.source, options.status, options.from, options.to].some((given) => given !== undefined);
  const ways = [receipt !== undefined, options.all === true, filtered].filter(Boolean).length;
  if (ways !== 1)
    throw new UsageError('Say what to replay: a receipt id, or --all, or some of --source, --status, --from and --to.');
  if (options.rebuild && !options.all)
    throw new UsageError('--rebuild makes all progress anew, so it goes with --all only.');
  if (options.rebuild && options.deliver)
    throw new UsageError('--rebuild passes nothing on. Replay without it, or backfill an endpoint.');
}

function instant(text: string): Instant {
  const date = /^\d{4}-\d{2}-\d{2}$/.test(text) ? fromMillis(Date.parse(`${text}T00:00:00Z`)) : parseInstant(text);
  if (date === null) throw new InvalidArgumentError('Give a date or time such as 2026-03-01 or 2026-03-01T08:00:00Z.');
  return date;
}
