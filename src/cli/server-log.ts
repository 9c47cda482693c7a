/**
 * Where the server's log goes: to stderr, as JSON, at LOG_LEVEL. Only for someone at a terminal who did not set LOG_LEVEL
 * it is warnings and errors alone, a readable line each: see docs/decisions/0070-terminal-output.md.
 */
import pino, { type Logger } from 'pino';
import type { Settings } from '../config/settings.ts';
import { note, printable, type Style, styled } from './terminal.ts';

export function serverLog(settings: Settings): Logger {
  const asked = (process.env.LOG_LEVEL ?? '').trim() !== '';
  if (process.stderr.isTTY && !asked) return pino({ level: 'warn' }, { write: (line) => note(readable(line)) });
  return pino({ level: settings.logLevel }, pino.destination({ fd: 2, sync: true }));
}

/** One line of pino's JSON as `14:03:07 warn  The database is away.` */
function readable(line: string): string {
  try {
    const { level, time, msg, err } = JSON.parse(line) as {
      level: number;
      time: number;
      msg?: string;
      err?: { message?: string };
    };
    const [word, style]: [string, Style] = level >= 50 ? ['error', 'red'] : ['warn', 'yellow'];
    const clock = new Date(time).toTimeString().slice(0, 8);
    const why =
      err?.message === undefined || err.message === msg
        ? ''
        : styled('dim', `  ${printable(err.message)}`, process.stderr);
    return `${styled('dim', clock, process.stderr)} ${styled(style, word, process.stderr)}  ${printable(msg ?? '')}${why}`;
  } catch {
    return line.trimEnd();
  }
}
