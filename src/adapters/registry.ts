/** All platforms. A new one: an adapter, a line here, its word in core/vocabulary.ts, cases in test/conformance. */
import type { Provider } from '../core/vocabulary.ts';
import type { Adapter } from './adapter.ts';
import { easygenerator } from './easygenerator.ts';
import { instruqt } from './instruqt/instruqt.ts';
import { quizapi } from './quizapi/quizapi.ts';
import { standard } from './standard/standard.ts';
import { synap } from './synap/synap.ts';
import { testpress } from './testpress/testpress.ts';

export const ADAPTERS: Readonly<Record<Provider, Adapter>> = Object.freeze({
  quizapi,
  testpress,
  synap,
  instruqt,
  easygenerator,
  standard,
});

export function adapterFor(provider: Provider): Adapter {
  return ADAPTERS[provider];
}
