/** The bench's side of the load generator. */
import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { ClosedLoad, FromLoad, LoadResult, OpenLoad, ToLoad } from './protocol.ts';

export interface Load {
  /** Starts the clock; resolves when the last answer is in. */
  go(): Promise<LoadResult>;
  /** Ends the sending early; `go` still gives the result. */
  stop(): void;
}

/** Starts a generator process and resolves when its requests are made. */
export async function prepareLoad(spec: ClosedLoad | OpenLoad): Promise<Load> {
  const child = fork(fileURLToPath(new URL('main.ts', import.meta.url)), {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const say = (message: ToLoad) => child.connected && child.send(message);
  const result = Promise.withResolvers<LoadResult>();
  const ready = Promise.withResolvers<void>();
  // Whoever awaits `ready` hears of a failure there; an unawaited `result` must not end the bench.
  result.promise.catch(() => {});
  child.on('message', (message: FromLoad) => {
    if (message.told === 'ready') ready.resolve();
    else if (message.told === 'result') result.resolve(message.result);
    else fail(new Error(`The load generator failed: ${message.message}`));
  });
  child.once('exit', (code) => fail(new Error(`The load generator ended with code ${code} before it told a result.`)));
  function fail(error: Error): void {
    ready.reject(error);
    result.reject(error);
  }
  say({ do: 'prepare', spec });
  await ready.promise;
  return {
    go() {
      say({ do: 'go' });
      return result.promise;
    },
    stop: () => void say({ do: 'stop' }),
  };
}
