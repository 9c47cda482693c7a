/**
 * The database as the rest of Gradewire sees it: a pool whose connections stand in the schema `gradewire`, and
 * transactions. SQL is written as SQL with $1 parameters; values are never spliced in.
 */
import pg from 'pg';

/** Anything that can run a statement: the pool, or the one connection of a transaction. */
export interface Queryable {
  /** Rows of one statement. `values` as node-postgres takes them (arrays become PostgreSQL arrays, Buffers bytea). */
  query<Row extends object>(text: string, values?: readonly unknown[]): Promise<Row[]>;
}

export interface Database extends Queryable {
  /** Runs `work` in a READ COMMITTED transaction on one connection; rolls back when it throws. */
  transaction<T>(work: (tx: Queryable) => Promise<T>): Promise<T>;
  /** The pool underneath, for listeners and benches. */
  readonly pool: pg.Pool;
  close(): Promise<void>;
}

export interface DatabaseOptions {
  /** postgres:// URL, or a socket directory URL. */
  url: string;
  /** Connections at most. */
  max: number;
  /** Shown in pg_stat_activity. */
  name: string;
  /** Statements that take longer fail, and their connection is replaced; undefined: they may take as long as they need. */
  queryTimeoutMs?: number;
}

// bigint comes back as text by default. Our sequences stay far below 2^53, so they are numbers here.
const types = new pg.TypeOverrides();
types.setTypeParser(pg.types.builtins.INT8, Number);

/** Opens a pool; no connection is made before the first query. */
export function openDatabase(options: DatabaseOptions): Database {
  const pool = new pg.Pool({
    connectionString: options.url,
    max: options.max,
    application_name: `gradewire ${options.name}`,
    options: '-c search_path=gradewire -c timezone=UTC',
    // Prevents a hang when the database host vanishes: the contract wants 503 within 2 s.
    connectionTimeoutMillis: 1500,
    keepAlive: true,
    ...(options.queryTimeoutMs === undefined ? {} : { query_timeout: options.queryTimeoutMs }),
    types,
  });
  // An idle connection that breaks (database restart) is replaced at the next query; without a listener Node would exit.
  pool.on('error', () => {});
  return {
    pool,
    async query<Row extends object>(text: string, values: readonly unknown[] = []) {
      return (await pool.query<Row>(text, values as unknown[])).rows;
    },
    async transaction(work) {
      const client = await pool.connect();
      let broken: Error | undefined;
      try {
        await client.query('BEGIN');
        const result = await work({
          async query<Row extends object>(text: string, values: readonly unknown[] = []) {
            return (await client.query<Row>(text, values as unknown[])).rows;
          },
        });
        await client.query('COMMIT');
        return result;
      } catch (error) {
        await client.query('ROLLBACK').catch((e: Error) => {
          broken = e;
        });
        throw error;
      } finally {
        client.release(broken);
      }
    },
    close: () => pool.end(),
  };
}
