/** Whether DATABASE_URL leads to a database, asked before anything else is: a wrong one is told apart from every other fault. */
import type { Settings } from '../config/settings.ts';
import type { Queryable } from './database.ts';

/**
 * Throws one sentence that names DATABASE_URL, without its password, when no statement runs there. An embedded database is
 * not asked: its supervisor says what is wrong with it.
 */
export async function reachDatabase(db: Queryable, settings: Pick<Settings, 'databaseUrl'>): Promise<void> {
  if (settings.databaseUrl === null) return;
  try {
    await db.query('SELECT 1');
  } catch (cause) {
    const where = withoutPassword(settings.databaseUrl);
    throw new Error(
      `DATABASE_URL leads to no database that can be used${where === null ? '' : ` (${where})`}: ${reason(cause)}. Check it, and that the server runs and lets this machine in.`,
      { cause },
    );
  }
}

/** Scheme, user, host and database; parameters may hold a password too. null: a URL of sockets alone, without a host. */
function withoutPassword(text: string): string | null {
  if (!URL.canParse(text)) return null;
  const url = new URL(text);
  return `${url.protocol}//${url.username === '' ? '' : `${url.username}@`}${url.host}${url.pathname}`;
}

function reason(error: unknown): string {
  // Node tries every address of a name and gives all their errors at once, without a message of its own.
  if (error instanceof AggregateError && error.errors.length > 0) return reason(error.errors[0]);
  const message = error instanceof Error ? error.message : String(error);
  if (/^timeout e|^Connection terminated due to connection timeout/.test(message)) return 'nothing answers there';
  return message.replace(/\.$/, '');
}
