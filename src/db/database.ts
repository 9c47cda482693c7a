/**
 * The database as the rest of Gradewire sees it: a pool whose connections stand in the schema `gradewire`, and
 * transactions. SQL is written as SQL with $1 parameters; values are never spliced in.
 */
import pg from 'pg';
import { DatabaseFrozen, watchFrozen } from './frozen.ts';

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
  /** Statements fail within 2 s when the database froze; those that only take long do not (./frozen.ts). */
  failsWhenFrozen?: boolean;
}

// bigint comes back as text by default. Our sequences stay far below 2^53, so they are numbers here.
const types = new pg.TypeOverrides();
types.setTypeParser(pg.types.builtins.INT8, Number);

/** Opens a pool; no connection is made before the first query. */
export function openDatabase(options: DatabaseOptions): Database {
  const config: pg.PoolConfig = {
    connectionString: options.url,
    max: options.max,
    application_name: `gradewire ${options.name}`,
    options: '-c search_path=gradewire -c timezone=UTC',
    // Prevents a hang when the database host vanishes: the contract wants 503 within 2 s.
    connectionTimeoutMillis: 1500,
    keepAlive: true,
    ...(options.queryTimeoutMs === undefined ? {} : { query_timeout: options.queryTimeoutMs }),
    types,
  };
  const pool = new pg.Pool(config);
  const watch = options.failsWhenFrozen === true ? watchFrozen(config) : null;
  // An idle connection that breaks (database restart) is replaced at the next query; without a listener Node would exit.
  pool.on('error', () => {});

  async function run<Row extends object>(client: pg.PoolClient, text: string, values: readonly unknown[]) {
    const answer = client.query<Row>(text, values as unknown[]);
    return (await (watch === null ? answer : watch.guard(answer))).rows;
  }

  return {
    pool,
    async query<Row extends object>(text: string, values: readonly unknown[] = []) {
      if (watch === null) return (await pool.query<Row>(text, values as unknown[])).rows;
      const client = await pool.connect();
      let broken = false;
      try {
        return await run<Row>(client, text, values);
      } catch (error) {
        broken = !(error instanceof pg.DatabaseError);
        throw error;
      } finally {
        // A connection that is given up is closed: the next request must not wait behind it.
        client.release(broken);
      }
    },
    async transaction(work) {
      const client = await pool.connect();
      let broken: Error | undefined;
      try {
        await run(client, 'BEGIN', []);
        const result = await work({
          query: <Row extends object>(text: string, values: readonly unknown[] = []) => run<Row>(client, text, values),
        });
        await run(client, 'COMMIT', []);
        return result;
      } catch (error) {
        if (error instanceof DatabaseFrozen) broken = error;
        else {
          await run(client, 'ROLLBACK', []).catch((e: Error) => {
            broken = e;
          });
        }
        throw error;
      } finally {
        client.release(broken);
      }
    },
    async close() {
      await Promise.all([pool.end(), watch?.close()]);
    },
  };
}
