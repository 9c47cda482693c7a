/**
 * Puts the global `fetch` of a piece of work under the guard: libraries that call out by themselves (better-auth and jose, for
 * single sign-on) take no client of ours. Everything else in the process fetches as before.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import { Dispatcher, getGlobalDispatcher, setGlobalDispatcher } from 'undici';

const scope = new AsyncLocalStorage<Dispatcher>();
let installed = false;

/** Runs `work`; every `fetch` in it, also in what it awaits or follows by redirect, goes through `dispatcher`. */
export function fetchThrough<T>(dispatcher: Dispatcher, work: () => T): T {
  if (!installed) {
    setGlobalDispatcher(new ByScope(getGlobalDispatcher()));
    installed = true;
  }
  return scope.run(dispatcher, work);
}

/** The dispatcher of the work under way, else the one there was. */
class ByScope extends Dispatcher {
  readonly #rest: Dispatcher;

  constructor(rest: Dispatcher) {
    super();
    this.#rest = rest;
  }

  override dispatch(options: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler): boolean {
    return (scope.getStore() ?? this.#rest).dispatch(options, handler);
  }
}
