/** `gradewire listen`: a small receiver, to see what endpoints get. */
import { Command, InvalidArgumentError } from 'commander';
import { wholeNumber } from './failures.ts';
import type { ListenOptions } from './listen-run.ts';

export function listenCommand(): Command {
  return new Command('listen')
    .description('Receive what endpoints get, on this machine: verify it, print it, forward it. Until Ctrl-C.')
    .option('-p, --port <port>', 'where to listen, on 127.0.0.1; 0: any free one', wholeNumber(0, 65_535), 8090)
    .option('--secret <whsec…>', "the endpoint's signing secret; - reads standard input")
    .option('-f, --forward <url>', 'pass everything on to this address, and answer what it answers', webUrl)
    .option('--status <code>', 'answer this instead (default: 200, or what --forward gets)', wholeNumber(200, 599))
    .option('-v, --verbose', 'print headers and bodies too')
    .option('--json', 'one JSON object a line (NDJSON)')
    .addHelpText(
      'after',
      `
Examples:
  gradewire listen
  gradewire endpoints add http://127.0.0.1:8090/ --json | jq -r .secret \\
    | gradewire listen --secret -
  gradewire listen --secret whsec_… --forward http://127.0.0.1:3000/hook
  gradewire listen --status 503          # see how deliveries are tried again

The server only calls this machine when it was started with
GRADEWIRE_ALLOW_PRIVATE_ENDPOINTS=true.`,
    )
    .action(async (options: ListenOptions) => {
      const { listen } = await import('./listen-run.ts');
      await listen(options);
    });
}

function webUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url !== null && (url.protocol === 'http:' || url.protocol === 'https:')) return url;
  throw new InvalidArgumentError('Give a URL such as http://127.0.0.1:3000/hook.');
}
