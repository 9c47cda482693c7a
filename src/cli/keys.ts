/** `gradewire keys`: API keys, made, listed and removed. */
import { Command, InvalidArgumentError, Option } from 'commander';
import { ROLES } from '../http/context.ts';
import { UsageError } from './failures.ts';
import type { AddKeyOptions } from './keys-run.ts';

export function keysCommand(): Command {
  return new Command('keys')
    .description('API keys: make, list, remove.')
    .addHelpText(
      'after',
      `
Examples:
  gradewire keys add --name "Dashboard" --role instructor
  gradewire keys list
  gradewire keys remove key_0198c2…`,
    )
    .addCommand(addCommand())
    .addCommand(listCommand())
    .addCommand(removeCommand());
}

function addCommand(): Command {
  return new Command('add')
    .description('Make a key. It is shown this once: only its hash is stored.')
    .requiredOption('--name <name>', 'for people: what uses it', nonEmpty)
    .addOption(new Option('--role <role>', 'what it may do').choices(ROLES).makeOptionMandatory())
    .option('--learner <id>', 'for the role learner: whose progress it shows')
    .option('--expires <time>', 'from then on it no longer holds, e.g. 2027-01-31T00:00:00Z', time)
    .option('--json', 'print the key as JSON')
    .addHelpText(
      'after',
      `
Roles: admin (everything), instructor (reads progress), integration (reads
events, manages endpoints), learner (own progress only).

Examples:
  gradewire keys add --name "Nightly export" --role integration
  KEY=$(gradewire keys add --name ci --role admin --json | jq -r .key)`,
    )
    .action(async (options: AddKeyOptions) => {
      if ((options.role === 'learner') !== (options.learner !== undefined)) {
        throw new UsageError('A key with the role learner needs --learner <id>, and only that role takes it.');
      }
      const { addKey } = await import('./keys-run.ts');
      await addKey(options);
    });
}

function listCommand(): Command {
  return new Command('list')
    .description('List the keys, newest first; of each only its first characters are known.')
    .option('--json', 'print a JSON array')
    .addHelpText('after', '\nExample:\n  gradewire keys list --json | jq -r ".[].id"')
    .action(async (options: { json?: true }) => {
      const { listKeys } = await import('./keys-run.ts');
      await listKeys(options);
    });
}

function removeCommand(): Command {
  return new Command('remove')
    .description('Remove a key; within 5 seconds it holds nowhere.')
    .argument('<id>', 'its id, as `keys list` shows it')
    .option('--json', 'print {"removed": id}')
    .addHelpText('after', '\nExample:\n  gradewire keys remove key_0198c2…')
    .action(async (id: string, options: { json?: true }) => {
      const { removeKey } = await import('./keys-run.ts');
      await removeKey(id, options);
    });
}

function nonEmpty(text: string): string {
  if (text.trim() === '' || text.length > 200) throw new InvalidArgumentError('Give 1 to 200 characters.');
  return text;
}

function time(text: string): Date {
  const date = new Date(text);
  if (Number.isNaN(date.getTime())) throw new InvalidArgumentError('Give a time such as 2027-01-31T00:00:00Z.');
  if (date.getTime() <= Date.now()) throw new InvalidArgumentError('This time is past, so the key would never hold.');
  return date;
}
