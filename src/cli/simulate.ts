/** `gradewire simulate`: signed, realistic traffic of a platform, to any URL. */
import { Command, InvalidArgumentError, Option } from 'commander';
import { PROVIDERS } from '../core/vocabulary.ts';
import { DEFAULT_SHARE, FAULTS, type FaultShares } from '../simulator/faults.ts';
import { positiveNumber, wholeNumber } from './failures.ts';
import { parseBasic } from './parse-basic.ts';
import type { SimulateOptions } from './simulate-options.ts';

export function simulateCommand(): Command {
  return new Command('simulate')
    .description('Send signed, realistic traffic of a platform to a source or any URL, and tell what came of it.')
    .optionsGroup('Where to:')
    .option('--source <source>', 'a source of this instance: URL and secrets are looked up')
    .option('--url <url>', 'any ingest URL; then --provider and what it signs with', httpUrl)
    .addOption(new Option('--provider <provider>', 'which platform to be').choices(PROVIDERS))
    .option('--secret <secret>', 'signing secret or private key')
    .option('--public-key <key>', "Testpress: the institute's public key")
    .addOption(new Option('--basic <user:pass>', 'Synap: HTTP Basic credentials').argParser(parseBasic))
    .option('--origin <origin>', "Easygenerator: the page the browser is on (default: the platform's own)")
    .optionsGroup('What:')
    .option('-n, --count <n>', 'how many webhooks', wholeNumber(1, 100_000_000), 200)
    .option('--learners <n>', 'how many people', wholeNumber(1, 1_000_000), 30)
    .option('--event <name>', 'only this event of the platform (default: whole attempts, as people play)')
    .addOption(
      new Option(
        '--faults <fault=share,…>',
        `any of ${FAULTS.join(', ')}; share of the webhooks, default ${DEFAULT_SHARE}`,
      ).argParser(parseFaults),
    )
    .option('--seed <text>', 'the same seed and start send the same bodies')
    .option('--start <time>', 'when the class begins (default: so that it ends now; with --seed a fixed day)', time)
    .optionsGroup('How fast:')
    .option(
      '--rate <n>',
      'so many a second, whatever the receiver does (default: as fast as it answers)',
      positiveNumber,
    )
    .option('--concurrency <n>', 'connections at most', wholeNumber(1, 4096), 16)
    .option('--retries <n>', 'tries after the first, on 5xx, 429 and broken connections', wholeNumber(0, 20), 4)
    .option('--json', 'print the summary as JSON')
    .addHelpText(
      'after',
      `
Faults lose nothing: what is tampered with, cut off or stale is a copy sent
beside the real webhook, so the progress in the end is the same. The exit code
is 1 when anything came out other than it should.

Examples:
  gradewire simulate --source quizapi
  gradewire simulate --source testpress --count 5000 --rate 200 --learners 400
  gradewire simulate --source instruqt --faults duplicate=10%,reorder,tamper
  gradewire simulate --url https://hooks.example.com/webhooks/quizapi \\
    --provider quizapi --secret "$SECRET" --event quiz.completed --count 1000`,
    )
    .action(async (options: SimulateOptions) => {
      const { simulate } = await import('./simulate-run.ts');
      await simulate(options);
    });
}

function parseFaults(text: string): FaultShares {
  const shares: Partial<Record<(typeof FAULTS)[number], number>> = {};
  for (const part of text.split(',').filter((one) => one.trim() !== '')) {
    const [name, share = String(DEFAULT_SHARE)] = part.split(/[=:]/).map((word) => word.trim());
    const fault = FAULTS.find((known) => known === name);
    if (fault === undefined) throw new InvalidArgumentError(`"${name}" is none. Faults: ${FAULTS.join(', ')}.`);
    const value = share.endsWith('%') ? Number(share.slice(0, -1)) / 100 : Number(share);
    if (!(value > 0 && value <= 1))
      throw new InvalidArgumentError(`The share of ${fault} is a number above 0 and up to 1, or a percentage.`);
    shares[fault] = value;
  }
  if (Object.values(shares).reduce((sum, share) => sum + share, 0) > 1) {
    throw new InvalidArgumentError('The shares together are more than 1; a webhook has one fault at most.');
  }
  return shares;
}

function httpUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || !/^https?:$/.test(url.protocol))
    throw new InvalidArgumentError('Give the whole ingest URL, with http:// or https://.');
  return url;
}

function time(text: string): Date {
  const date = text === 'now' ? new Date() : new Date(text);
  if (Number.isNaN(date.getTime())) throw new InvalidArgumentError('Give a time such as 2026-01-12T08:00:00Z, or now.');
  return date;
}
