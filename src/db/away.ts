/** Tells "the database is away" from every other error: the first is answered 503 and tried again, the rest are faults. */

/**
 * SQLSTATEs of a server that is going, coming, full or out of connections: class 08 (connection), 57P01–57P05 (shutdown,
 * crash, starting up, dropped, idle session), 53xxx (out of disk, memory, connections), 25006 (a standby took over, read-only), 58030 (I/O error).
 */
const AWAY_STATES = /^(08...|57P0[1-5]|53...|25006|58030)$/;

/** What Node's sockets say when nothing answers, or no longer. ENOENT: the socket of the embedded server is gone. */
const AWAY_CODES = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ECONNABORTED',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'EHOSTDOWN',
  'ENETUNREACH',
  'ENETDOWN',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ENOENT',
]);

/** node-postgres and its pool give these as plain text, without a code. */
const AWAY_MESSAGES =
  /^(Connection terminated|timeout expired|timeout exceeded when trying to connect|Client has encountered a connection error|Client was closed|Query read timeout|Cannot use a pool after calling end|Connection ended)/;

/** Told by another thread, which found it so: an error's code does not cross. */
export class DatabaseAway extends Error {}

/** Whether an error (or one of its causes) means that the database could not be reached or cannot work now. */
export function isDatabaseAway(error: unknown): boolean {
  // Eight causes deep: enough for any wrapping of ours, and a chain that bites its own tail ends.
  for (let e: unknown = error, depth = 0; e instanceof Error && depth < 8; e = e.cause, depth += 1) {
    if (e instanceof DatabaseAway) return true;
    if (e instanceof AggregateError && e.errors.some((part) => isDatabaseAway(part))) return true;
    const code = 'code' in e && typeof e.code === 'string' ? e.code : '';
    // ENOENT of a file is no database error: sockets say `connect` as the system call.
    if (AWAY_CODES.has(code)) return code !== 'ENOENT' || ('syscall' in e && e.syscall === 'connect');
    if (AWAY_STATES.test(code) || AWAY_MESSAGES.test(e.message)) return true;
  }
  return false;
}
