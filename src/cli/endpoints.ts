/** `gradewire endpoints`: where events are passed on. */
import { Argument, Command, InvalidArgumentError, Option } from 'commander';
import { EVENT_TYPES, type EventType, PROVIDERS } from '../core/vocabulary.ts';
import { ENDPOINT_KINDS, PERSONAL_DATA } from '../delivery/endpoint.ts';
import type { AddEndpointOptions } from './endpoints-add-run.ts';
import type { TestEndpointOptions } from './endpoints-run.ts';
import { positiveNumber } from './failures.ts';

export function endpointsCommand(): Command {
  return new Command('endpoints')
    .description('Where events are passed on: add, list, test, remove.')
    .addHelpText(
      'after',
      `
Examples:
  gradewire endpoints add https://lms.example/hooks --events attempt.completed
  gradewire endpoints list
  gradewire endpoints test end_…
  gradewire endpoints remove end_…`,
    )
    .addCommand(addCommand())
    .addCommand(listCommand())
    .addCommand(testCommand())
    .addCommand(removeCommand());
}

function addCommand(): Command {
  return new Command('add')
    .description('Pass events on to an address. Prints the signing secret.')
    .argument('<where>', 'a URL; for mails an address, or "learner" for whom each event is about')
    .addOption(new Option('--kind <kind>', 'default: email for an address, webhook for a URL').choices(ENDPOINT_KINDS))
    .option('--events <type,…>', 'only these types (default: all)', eventTypes)
    .addOption(new Option('--provider <platform>', 'only of this platform').choices(PROVIDERS))
    .option('--activity <act_…>', 'only of this activity')
    .option('--cohort <coh_…>', 'only of learners in this class')
    .addOption(new Option('--outcome <outcome>', 'only with this outcome').choices(['passed', 'failed']))
    .addOption(
      new Option('--verification <how>', 'only so well proved').choices([
        'signature',
        'signature_partial',
        'basic',
        'token',
      ]),
    )
    .option('--description <text>', 'for people')
    .option('--rate <per second>', 'deliveries a second at most', positiveNumber)
    .option('--ordered', 'in order per learner and activity')
    .addOption(
      new Option('--personal-data <how much>', 'what of a person goes out (default: full)').choices(PERSONAL_DATA),
    )
    .option('--config <json>', 'settings of the kind, such as {"auth":{"type":"bearer","token":"…"}}', jsonObject)
    .option('--json', 'print the endpoint as JSON')
    .addHelpText(
      'after',
      `
Examples:
  gradewire endpoints add https://lms.example/hooks --events attempt.completed,attempt.regraded
  gradewire endpoints add https://hooks.slack.com/services/… --config '{"preset":"slack"}'
  gradewire endpoints add learner --events attempt.completed

To see what arrives, on this machine: gradewire listen`,
    )
    .action(async (where: string, options: AddEndpointOptions) => {
      const { addEndpoint } = await import('./endpoints-add-run.ts');
      await addEndpoint(where, options);
    });
}

function listCommand(): Command {
  return new Command('list')
    .description('List the endpoints and how they do.')
    .option('--json', 'print a JSON array')
    .addHelpText('after', '\nExample:\n  gradewire endpoints list --json | jq -r ".[].url"')
    .action(async (options: { json?: true }) => {
      const { listAllEndpoints } = await import('./endpoints-run.ts');
      await listAllEndpoints(options);
    });
}

function testCommand(): Command {
  return new Command('test')
    .description('Send an example event the way of real ones, and wait for what comes of it.')
    .argument('<endpoint>', 'its id or URL')
    .addOption(new Option('--event <type>', 'which').choices(EVENT_TYPES).default('attempt.completed'))
    .option('--json', 'print the delivery as JSON')
    .addHelpText('after', '\nExample:\n  gradewire endpoints test https://lms.example/hooks --event attempt.regraded')
    .action(async (which: string, options: TestEndpointOptions) => {
      const { testEndpoint } = await import('./endpoints-run.ts');
      await testEndpoint(which, options);
    });
}

function removeCommand(): Command {
  return new Command('remove')
    .description('Remove an endpoint: what was not sent yet never is.')
    .addArgument(new Argument('<endpoint>', 'its id or URL'))
    .option('--json', 'print {"removed": id}')
    .addHelpText('after', '\nExample:\n  gradewire endpoints remove https://lms.example/hooks')
    .action(async (which: string, options: { json?: true }) => {
      const { removeEndpoint } = await import('./endpoints-run.ts');
      await removeEndpoint(which, options);
    });
}

function eventTypes(text: string): EventType[] {
  return text.split(',').map((name) => {
    const known = EVENT_TYPES.find((type) => type === name.trim());
    if (known === undefined) throw new InvalidArgumentError(`"${name}" is none. Types: ${EVENT_TYPES.join(', ')}.`);
    return known;
  });
}

function jsonObject(text: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    value = null;
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value };
  throw new InvalidArgumentError('Give a JSON object.');
}
