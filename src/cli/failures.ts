/** How commands fail: one sentence on stderr and an exit code. 1: it did not work. 2: it was asked for wrongly. */
import { CommanderError, InvalidArgumentError } from 'commander';
import { GradewireError } from '../core/errors.ts';
import { note, printable } from './terminal.ts';

/** What the user asked for cannot be meant: exit code 2. */
export class UsageError extends Error {}

/** The exit code of an error, after its sentence was written to stderr. */
export function reportFailure(error: unknown, debug: boolean): 0 | 1 | 2 {
  if (error instanceof CommanderError) {
    // Commander has written its message already. Help and version come here too, with exit code 0.
    return error.exitCode === 0 ? 0 : 2;
  }
  note(`gradewire: ${sentence(error)}`);
  if (debug && error instanceof Error && error.stack !== undefined) note(error.stack);
  return error instanceof UsageError || (error instanceof GradewireError && error.code === 'invalid_request') ? 2 : 1;
}

function sentence(error: unknown): string {
  if (error instanceof GradewireError && error.details !== undefined && error.details.length > 0) {
    return error.details.map(({ path, message }) => `${optionOf(path)}: ${printable(message)}`).join('\n           ');
  }
  if (error instanceof AggregateError && error.errors.length > 0) return sentence(error.errors[0]);
  return printable(error instanceof Error && error.message !== '' ? error.message : String(error));
}

/** `body/publicKey` → `--public-key`: the API's words for a field in the CLI's. */
function optionOf(path: string): string {
  const [first = path, second] = path.replace(/^body\//, '').split('/');
  const field = first === 'filter' && second !== undefined ? second : first;
  if (field === 'url' || field === 'to') return '<where>';
  if (field === 'config') return `--config ${path.slice('body/config/'.length).replaceAll('/', '.')}`.trim();
  if (field === 'eventTypes') return '--events';
  if (field === 'rateLimit') return '--rate';
  if (field === 'basicAuth') return '--basic';
  if (field === 'allowedOrigins') return '--origin';
  if (field === 'overlapSeconds') return '--overlap';
  return `--${field.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

/** For option parsers: a whole number within bounds, both included. */
export function wholeNumber(from: number, to: number): (text: string) => number {
  return (text) => {
    const n = Number(text);
    if (!/^\d{1,15}$/.test(text) || n < from || n > to)
      throw new InvalidArgumentError(`Give a whole number from ${from} to ${to}.`);
    return n;
  };
}

/** For option parsers: a positive number. */
export function positiveNumber(text: string): number {
  const n = Number(text);
  if (!Number.isFinite(n) || n <= 0) throw new InvalidArgumentError('Give a number above 0.');
  return n;
}
