/**
 * Tells a database that froze (stopped, not gone: its connections stay open and nothing comes) from a statement that takes
 * long. Beside every statement that is not over soon, `SELECT 1` is asked on a connection of its own: as long as that is
 * answered, the statement may run on; when it is not, the statement is given up.
 */
import pg from 'pg';

/** Most statements are over by then and cost no probe. With PROBE_MS below the contract's 2 s for a 503. */
const SLOW_MS = 300;
/** A database that cannot say 1 in this time does no other work either. */
const PROBE_MS = 1_400;

/** What waits for a frozen database is given up with this; isDatabaseAway knows it by its name of a time-out. */
export class DatabaseFrozen extends Error {
  constructor() {
    super('Query read timeout: the database does not answer at all.');
    this.name = 'DatabaseFrozen';
  }
}

export interface FrozenWatch {
  /** `work`, or DatabaseFrozen as soon as the database answers nothing at all. */
  guard<T>(work: Promise<T>): Promise<T>;
  close(): Promise<void>;
}

/** Watches the database that these options connect to. Nothing is connected before something takes long. */
export function watchFrozen(options: pg.PoolConfig): FrozenWatch {
  // A connection of its own: behind long reports in a full pool the probe would come too late.
  const pool = new pg.Pool({ ...options, max: 1, connectionTimeoutMillis: PROBE_MS, query_timeout: 2 * PROBE_MS });
  pool.on('error', () => {});
  let asking: Promise<boolean> | undefined;

  function answers(): Promise<boolean> {
    asking ??= ask().finally(() => {
      asking = undefined;
    });
    return asking;
  }

  function ask(): Promise<boolean> {
    return new Promise((resolve) => {
      // An answer that waits to be read behind work of this process is an answer: sockets come before setImmediate.
      const late = setTimeout(() => setImmediate(() => resolve(false)), PROBE_MS);
      const told = (answer: boolean) => {
        clearTimeout(late);
        resolve(answer);
      };
      // An error is an answer too, or the statement gets it itself; only silence is not.
      pool.query('SELECT 1').then(
        () => told(true),
        (error: unknown) => told(!isSilence(error)),
      );
    });
  }

  return {
    guard(work) {
      return new Promise((resolve, reject) => {
        let over = false;
        let timer = setTimeout(look, SLOW_MS);
        async function look() {
          const answered = await answers();
          if (over) return;
          if (answered) timer = setTimeout(look, SLOW_MS);
          else reject(new DatabaseFrozen());
        }
        const end = () => {
          over = true;
          clearTimeout(timer);
        };
        work.then(
          (value) => {
            end();
            resolve(value);
          },
          (error: unknown) => {
            end();
            reject(error);
          },
        );
      });
    },
    close: () => pool.end(),
  };
}

function isSilence(error: unknown): boolean {
  return error instanceof Error && /timeout/i.test(error.message);
}
