/** A thread of the server: its log lines go through the server's logger, it is started again should it die, and ends on 'stop'. */
import { type ResourceLimits, Worker as Thread } from 'node:worker_threads';
import type { Logger } from 'pino';

export interface SupervisedThread {
  post(message: string): void;
  /** Lets it finish what is under way, then ends it. */
  stop(): Promise<void>;
}

/** A thread that dies at once must not be started in a tight loop. */
const RESTART_PAUSE_MS = 1_000;
/** What threads finish takes far less; one that hangs longer is ended, and the database gives back what it had claimed. */
const STOP_MS = 5_000;

/** Starts `file`; returns at once. */
export function superviseThread(options: {
  file: URL;
  name: string;
  workerData: unknown;
  heap: ResourceLimits;
  log: Logger;
}): SupervisedThread {
  const { log, name } = options;
  let stopping = false;
  let ended: () => void = () => {};
  const end = new Promise<void>((resolve) => {
    ended = resolve;
  });

  const start = (): Thread => {
    const thread = new Thread(options.file, {
      name: `gradewire-${name}`,
      workerData: options.workerData,
      resourceLimits: options.heap,
    });
    thread.on('message', ({ log: line }: { log: string }) => forward(log, line));
    thread.on('error', (error) => log.error({ err: error }, `The ${name} thread died; it is started again.`));
    thread.on('exit', () => {
      if (stopping) ended();
      else setTimeout(again, RESTART_PAUSE_MS);
    });
    return thread;
  };
  const again = (): void => {
    if (stopping) ended();
    else current = start();
  };
  let current = start();

  return {
    post: (message) => current.postMessage(message),
    async stop() {
      stopping = true;
      current.postMessage('stop');
      const hang = setTimeout(() => void current.terminate(), STOP_MS);
      await end;
      clearTimeout(hang);
    },
  };
}

/** A line that pino made in the thread, again through the server's logger. */
function forward(log: Logger, line: string): void {
  const {
    level,
    msg,
    time: _time,
    pid: _pid,
    hostname: _hostname,
    ...fields
  } = JSON.parse(line) as {
    level: number;
    msg?: string;
  } & Record<string, unknown>;
  if (level >= 50) log.error(fields, msg);
  else if (level >= 40) log.warn(fields, msg);
  else if (level >= 30) log.info(fields, msg);
  else log.debug(fields, msg);
}
