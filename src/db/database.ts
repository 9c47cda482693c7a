/**
 * The database as the rest of Gradewire sees it: a pool whose connections stand in the schema `gradewire`, and
 * transactions. SQL is written as SQL with $1 parameters; values are never spliced in.
 */
import pg from 'pg';
import { DatabaseFrozen, watchFrozen } from './frozen.ts';
import { parseTime } from './times.ts';

/** Anything that can run a statement: the pool, or the one connection of a transaction. */
export interface Queryable {
  /** Rows of one statement. `values` as node-postgres takes them (arrays become PostgreSQL arrays, Buffers bytea). */
  query<Row extends object>(text: string, values?: readonly unknown[]): Promise<Row[]>;
}

/**
 * The one connection of a transaction. Statements run in the order in which they are given; several may be given before the first
 * has answered, and go out together (docs/decisions/0006-pipelined-transactions.md).
 */
export interface Transaction extends Queryable {
  /**
   * Gives a statement whose answer nobody waits for: it is answered before the transaction ends, and when it fails the transaction
   * does. `check` sees its rows and may throw.
   */
  send<Row extends object>(text: string, values?: readonly unknown[], check?: (rows: Row[]) => void): void;
}

export interface Database extends Queryable {
  /**
   * Runs `work` in a READ COMMITTED transaction on one connection. Committed when `work` ends and every statement went well; rolled
   * back, and rejected with the first error, when not.
   */
  transaction<T>(work: (tx: Transaction) => Promise<T>): Promise<T>;
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
  /** Keeps statements prepared: for a pool whose few statements come again and again, not one whose are made up for each call. */
  prepares?: boolean;
  /**
   * Plans what it keeps prepared once and for all, and along indexes: a table that is small when the plan is made does not stay so. Left
   * to itself PostgreSQL plans a statement anew each time when its guess for the values at hand is lower, which for claims took a third
   * of their time.
   */
  plansOnce?: boolean;
  /** Statements fail within 2 s when the database froze; those that only take long do not (./frozen.ts). */
  failsWhenFrozen?: boolean;
}

/**
 * A server compiles statements that it thinks expensive, unless told not to, and before version 18 it thinks so of each that has to do
 * what it was told to avoid (`enable_nestloop = off` of the worker): 0.1 to 0.9 s a statement that takes 1 ms.
 */
export const NO_JIT = 'jit=off';
const PLANS_ONCE = ['plan_cache_mode=force_generic_plan', 'enable_seqscan=off'];

// bigint comes back as text by default. Our sequences stay far below 2^53, so they are numbers here.
const types = new pg.TypeOverrides();
types.setTypeParser(pg.types.builtins.INT8, Number);
types.setTypeParser(pg.types.builtins.TIMESTAMPTZ, parseTime);

/** Opens a pool; no connection is made before the first query. */
export function openDatabase(options: DatabaseOptions): Database {
  const config: pg.PoolConfig = {
    connectionString: options.url,
    max: options.max,
    application_name: `gradewire ${options.name}`,
    options: ['search_path=gradewire', 'timezone=UTC', NO_JIT, ...(options.plansOnce === true ? PLANS_ONCE : [])]
      .map((setting) => `-c ${setting}`)
      .join(' '),
    // Prevents a hang when the database host vanishes: the contract wants 503 within 2 s.
    connectionTimeoutMillis: 1500,
    keepAlive: true,
    ...(options.queryTimeoutMs === undefined ? {} : { query_timeout: options.queryTimeoutMs }),
    types,
  };
  const watch = options.failsWhenFrozen === true ? watchFrozen(config) : null;
  // A pipelined connection to a database that does not answer would only be closed when it does again.
  const pipeline = watch === null && options.queryTimeoutMs === undefined;
  const pool = new pg.Pool({ ...config, pipeline });
  // A connection that breaks (database restart) while no statement is under way says so by an event, at which Node would exit
  // without a listener. An idle one is replaced at the next query; on one that is taken the next statement fails.
  pool.on('error', () => {});
  pool.on('connect', (client) => client.on('error', () => {}));

  const nameOf = options.prepares === true ? statementNames() : () => undefined;
  const configOf = (text: string, values: readonly unknown[]): pg.QueryConfig => {
    const name = nameOf(text);
    return { text, values: values as unknown[], ...(name === undefined ? {} : { name }) };
  };

  async function run<Row extends object>(client: pg.PoolClient, text: string, values: readonly unknown[]) {
    const answer = client.query<Row>(configOf(text, values));
    return await (watch === null ? answer : watch.guard(answer));
  }

  return {
    pool,
    async query<Row extends object>(text: string, values: readonly unknown[] = []) {
      if (watch === null) return (await pool.query<Row>(configOf(text, values))).rows;
      const client = await pool.connect();
      let broken = false;
      try {
        return (await run<Row>(client, text, values)).rows;
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
        // Waited for: a statement that goes out with it would stand for itself, should BEGIN be cancelled.
        await run(client, 'BEGIN', []);
        const statements = inOrder(pipeline, (text, values) => run(client, text, values));
        let result: Awaited<ReturnType<typeof work>>;
        try {
          result = await work(statements);
        } catch (error) {
          throw statements.causeOf(error);
        }
        await statements.commit();
        return result;
      } catch (error) {
        if (error instanceof DatabaseFrozen || isStale(error)) broken = error;
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

/** Each prepared statement takes some 50 kB in each of the database's processes. */
const MOST_PREPARED = 64;

/** Names statements that came twice, as long as there is room. */
function statementNames(): (text: string) => string | undefined {
  const seen = new Set<string>();
  const names = new Map<string, string>();
  return (text) => {
    // BEGIN and COMMIT are not planned.
    if (!text.includes(' ')) return undefined;
    const name = names.get(text);
    if (name !== undefined || names.size === MOST_PREPARED) return name;
    if (seen.delete(text)) names.set(text, `gradewire_${names.size}`);
    else if (seen.size < MOST_PREPARED) seen.add(text);
    return names.get(text);
  };
}

type Run = (text: string, values: readonly unknown[]) => Promise<pg.QueryResult>;

/** The statements of one transaction, in the order given. Not pipelined, each waits for the one before. */
function inOrder(pipeline: boolean, run: Run) {
  let last: Promise<unknown> = Promise.resolve();
  let failed: { error: unknown } | undefined;
  const unheard: Promise<unknown>[] = [];

  /** Behind one that failed nothing has to be asked: a frozen database would be waited for once more. */
  async function next(text: string, values: readonly unknown[]): Promise<pg.QueryResult> {
    if (failed !== undefined) throw failed.error;
    return await run(text, values);
  }

  function give(text: string, values: readonly unknown[]): Promise<pg.QueryResult> {
    const answer = pipeline ? run(text, values) : last.then(() => next(text, values));
    last = answer.catch((error: unknown) => {
      failed ??= { error };
    });
    return answer;
  }

  return {
    async query<Row extends object>(text: string, values: readonly unknown[] = []): Promise<Row[]> {
      return (await give(text, values)).rows;
    },
    send<Row extends object>(text: string, values: readonly unknown[] = [], check?: (rows: Row[]) => void): void {
      const heard = give(text, values).then(({ rows }) => check?.(rows));
      // It is told at the end; until then it must not count as a rejection that nobody handles.
      heard.catch(() => {});
      unheard.push(heard);
    },
    /** All statements after one that failed fail because of it: the first is the one to tell. */
    causeOf: (error: unknown): unknown => (isAborted(error) ? (failed?.error ?? error) : error),
    async commit(): Promise<void> {
      // In order, so the first failure is the one that is thrown.
      for (const one of unheard) await one;
      // Where a statement failed and `work` did not mind, PostgreSQL answers COMMIT with ROLLBACK.
      if ((await give('COMMIT', [])).command !== 'COMMIT') {
        throw failed?.error ?? new Error('A statement failed, so nothing was committed.');
      }
    },
  };
}

/**
 * A prepared statement that no longer holds: a migration has changed what it gives (0A000), or the database forgot it (26000). The
 * connection is given up with it, and whoever tries again gets a new one.
 */
function isStale(error: unknown): error is Error {
  return error instanceof pg.DatabaseError && (error.code === '0A000' || error.code === '26000');
}

/**
 * current transaction is aborted, commands ignored until end of transaction block (25P02); or a prepared statement is not there
 * because its first use was ignored so (26000).
 */
function isAborted(error: unknown): boolean {
  return error instanceof pg.DatabaseError && (error.code === '25P02' || error.code === '26000');
}
