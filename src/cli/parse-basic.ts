/** The option `--basic user:password`. */
import { InvalidArgumentError } from 'commander';

export interface BasicAuth {
  username: string;
  password: string;
}

export function parseBasic(value: string): BasicAuth {
  const colon = value.indexOf(':');
  if (colon < 1 || colon === value.length - 1) throw new InvalidArgumentError('Give user:password.');
  return { username: value.slice(0, colon), password: value.slice(colon + 1) };
}
