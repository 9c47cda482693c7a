/** `gradewire sources`: the platforms' connections, made, listed, rotated and removed. */
import { Argument, Command, InvalidArgumentError, Option } from 'commander';
import { PROVIDERS, type Provider } from '../core/vocabulary.ts';
import type { IdentityFrom } from '../sources/source.ts';
import { wholeNumber } from './failures.ts';
import { parseBasic } from './parse-basic.ts';
import type { AddSourceOptions, RotateSourceOptions } from './sources-run.ts';

const IDENTITY_FIELDS = ['email', 'externalId', 'name', 'cohort'] as const;

export function sourcesCommand(): Command {
  return new Command('sources')
    .description('Connections to platforms: add, list, rotate, remove.')
    .addHelpText(
      'after',
      `
Examples:
  gradewire sources add quizapi --secret "$QUIZAPI_WEBHOOK_SECRET"
  gradewire sources list
  gradewire sources rotate quizapi --secret "$NEW_SECRET" --overlap 3600
  gradewire sources remove quizapi`,
    )
    .addCommand(addCommand())
    .addCommand(listCommand())
    .addCommand(rotateCommand())
    .addCommand(removeCommand());
}

function addCommand(): Command {
  return new Command('add')
    .description('Connect a platform. Prints the URL to paste there.')
    .addArgument(new Argument('<provider>', 'the platform').choices(PROVIDERS))
    .option('--slug <slug>', 'its name in URLs: a-z, 0-9 and - (default: the provider)')
    .option('--name <name>', 'for people')
    .option('--secret <secret>', 'signing secret or private key; - reads standard input')
    .option('--generate-secret', 'make a secret up and print it: to paste there, or to try')
    .option('--public-key <key>', "Testpress: the institute's public key")
    .addOption(new Option('--basic <user:pass>', 'Synap: HTTP Basic credentials set there').argParser(parseBasic))
    .option('--origin <origin...>', 'Easygenerator: origins that may post (default: its own)')
    .addOption(
      new Option('--identity-from <map>', 'parameters that say who it is: email=p1,name=p2').argParser(
        parseIdentityFrom,
      ),
    )
    .option('--json', 'print the source as JSON')
    .addHelpText(
      'after',
      `
What each platform needs:
  quizapi        --secret
  testpress      --public-key and --secret (the private key)
  synap          --basic, if credentials are set there
  instruqt       --secret (whsec_…, per endpoint)
  easygenerator  nothing; --origin, if courses run on a domain of their own
  standard       --secret (whsec_…)

Examples:
  gradewire sources add quizapi --generate-secret
  gradewire sources add testpress --public-key YDRAXrgV3STf7EH5 \\
    --secret - < private-key.txt
  gradewire sources add synap --slug nurses --basic gradewire:a-long-password
  gradewire sources add instruqt --secret whsec_… --identity-from email=email`,
    )
    .action(async (provider: Provider, options: AddSourceOptions) => {
      const { addSource } = await import('./sources-run.ts');
      await addSource(provider, options);
    });
}

function listCommand(): Command {
  return new Command('list')
    .description('List the sources with their ingest URLs.')
    .option('--json', 'print a JSON array')
    .addHelpText('after', '\nExample:\n  gradewire sources list --json | jq -r ".[].ingestUrl"')
    .action(async (options: { json?: true }) => {
      const { listAllSources } = await import('./sources-run.ts');
      await listAllSources(options);
    });
}

function rotateCommand(): Command {
  return new Command('rotate')
    .description('Give a source a new secret, password or URL token. Old and new both hold for a day.')
    .argument('<source>', 'its slug or id')
    .option('--secret <secret>', 'new secret or password; - reads standard input; left out: a new URL token')
    .option('--generate-secret', 'make a secret up and print it')
    .option('--overlap <seconds>', 'how long the old one still holds (default: 86400)', wholeNumber(0, 2_592_000))
    .option('--json', 'print the source as JSON')
    .addHelpText(
      'after',
      `
Examples:
  gradewire sources rotate quizapi --secret "$NEW_SECRET"

  A URL leaked; the old one is dead at once:
  gradewire sources rotate easygenerator --overlap 0`,
    )
    .action(async (which: string, options: RotateSourceOptions) => {
      const { rotate } = await import('./sources-run.ts');
      await rotate(which, options);
    });
}

function removeCommand(): Command {
  return new Command('remove')
    .description('Remove a source: its URL is a 404 from then on. What it brought stays.')
    .argument('<source>', 'its slug or id')
    .option('--json', 'print {"removed": id}')
    .addHelpText('after', '\nExample:\n  gradewire sources remove quizapi')
    .action(async (which: string, options: { json?: true }) => {
      const { removeSource } = await import('./sources-run.ts');
      await removeSource(which, options);
    });
}

function parseIdentityFrom(value: string): IdentityFrom {
  const from: IdentityFrom = {};
  for (const part of value.split(',')) {
    const [field, parameter] = part.split('=').map((word) => word.trim());
    const known = IDENTITY_FIELDS.find((name) => name === field);
    if (known === undefined || parameter === undefined || parameter === '') {
      throw new InvalidArgumentError(
        `Give field=parameter pairs with the fields ${IDENTITY_FIELDS.join(', ')}; "${part}" is none.`,
      );
    }
    from[known] = parameter;
  }
  return from;
}
